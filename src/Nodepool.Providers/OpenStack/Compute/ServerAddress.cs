using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>An address of a server.</summary>
/// <param name="Addr">The address.</param>
/// <param name="Version">4 or 6.</param>
internal sealed record ServerAddress(string Addr, int Version)
{
    /// <summary><c>fixed</c> or <c>floating</c>.</summary>
    [JsonPropertyName("OS-EXT-IPS:type")]
    public string? Type { get; init; }

    /// <summary>A floating IP.</summary>
    [JsonIgnore]
    public bool IsFloating => Type == "floating";
}
