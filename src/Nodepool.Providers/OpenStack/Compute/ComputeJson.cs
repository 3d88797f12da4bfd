using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Nova's answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServersPage))]
[JsonSerializable(typeof(ServerAnswer))]
[JsonSerializable(typeof(FlavorsPage))]
[JsonSerializable(typeof(ConsoleAnswer))]
[JsonSerializable(typeof(ConsoleOrder))]
[JsonSerializable(typeof(ZonesAnswer))]
[JsonSerializable(typeof(ImageEntry))]
[JsonSerializable(typeof(ImageEntry.Page), TypeInfoPropertyName = "ImagesPage")]
[JsonSerializable(typeof(Quotas.LimitsAnswer))]
internal sealed partial class ComputeJson : JsonSerializerContext;
