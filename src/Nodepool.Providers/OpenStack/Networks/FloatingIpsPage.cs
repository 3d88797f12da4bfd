using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>Answer to <c>GET /floatingips</c>.</summary>
/// <param name="FloatingIps">Floating IPs of this page.</param>
internal sealed record FloatingIpsPage([property: JsonPropertyName("floatingips")] List<FloatingIpEntry> FloatingIps)
{
    /// <summary>Where the next page is.</summary>
    [JsonPropertyName("floatingips_links")]
    public List<PageLink>? Links { get; init; }
}
