using System.Text.Json.Serialization;
using Nodepool.Providers.Local.Images;
using Nodepool.Providers.Local.Instances;
using Nodepool.Providers.Local.Machines;

namespace Nodepool.Providers.Local;

/// <summary>How the records of this driver look in their files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(InstanceRecord))]
[JsonSerializable(typeof(ImageRecord))]
[JsonSerializable(typeof(KvmVerdict))]
internal sealed partial class LocalJson : JsonSerializerContext;
