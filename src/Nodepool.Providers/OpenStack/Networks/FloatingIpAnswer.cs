using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>Answer to calls about one floating IP.</summary>
/// <param name="FloatingIp">The floating IP.</param>
internal sealed record FloatingIpAnswer([property: JsonPropertyName("floatingip")] FloatingIpEntry FloatingIp);
