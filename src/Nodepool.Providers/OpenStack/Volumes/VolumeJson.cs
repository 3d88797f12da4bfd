using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Volumes;

/// <summary>What Cinder says and is told.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VolumesPage))]
[JsonSerializable(typeof(VolumeMark))]
[JsonSerializable(typeof(Quotas.LimitsAnswer))]
internal sealed partial class VolumeJson : JsonSerializerContext;
