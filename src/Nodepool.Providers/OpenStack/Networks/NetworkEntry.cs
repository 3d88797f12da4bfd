using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>A network as Neutron tells it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; need not be unique.</param>
internal sealed record NetworkEntry(string Id, string Name)
{
    /// <summary>It leads out of the cloud: floating IPs come from such.</summary>
    [JsonPropertyName("router:external")]
    public bool IsExternal { get; init; }

    /// <summary>Of several external networks the one that is meant when none is named.</summary>
    public bool? IsDefault { get; init; }
}
