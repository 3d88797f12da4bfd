namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Answer to <c>os-getConsoleOutput</c>.</summary>
/// <param name="Output">The last lines.</param>
internal sealed record ConsoleAnswer(string? Output);
