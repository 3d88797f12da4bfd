using System.Text.Json.Serialization;

namespace Nodepool.Providers.Fake.Cloud;

/// <summary>How instances look in a <see cref="FakeLedger"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FakeServerLine))]
internal sealed partial class FakeJson : JsonSerializerContext;
