using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>What Neutron says and is told.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NetworksPage))]
[JsonSerializable(typeof(PortsPage))]
[JsonSerializable(typeof(FloatingIpsPage))]
[JsonSerializable(typeof(FloatingIpAnswer))]
[JsonSerializable(typeof(FloatingIpOrder))]
internal sealed partial class NetworkJson : JsonSerializerContext;
