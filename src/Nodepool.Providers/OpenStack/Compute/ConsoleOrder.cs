using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Body of <c>os-getConsoleOutput</c>.</summary>
/// <param name="Order">What is wanted.</param>
internal sealed record ConsoleOrder([property: JsonPropertyName("os-getConsoleOutput")] ConsoleOrder.Wanted Order)
{
    /// <summary>How much is wanted.</summary>
    /// <param name="Length">Number of lines.</param>
    internal sealed record Wanted(int Length);
}
