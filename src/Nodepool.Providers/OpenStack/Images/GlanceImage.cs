using System.Text.Json;
using System.Text.Json.Serialization;
using Nodepool.Core.Collections;

namespace Nodepool.Providers.OpenStack.Images;

/// <summary>An image as Glance describes it. What is none of its own attributes is a property that somebody gave it.</summary>
internal sealed record GlanceImage
{
    /// <summary>Attributes of Glance's own that are texts and of no interest here.</summary>
    private static readonly string[] Attributes =
        ["container_format", "visibility", "owner", "created_at", "updated_at", "direct_url", "self", "file", "schema", "stores"];

    [JsonPropertyName("id")]
    public string Id { get; init; } = "";

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary><c>queued</c>, <c>saving</c>, <c>uploading</c>, <c>importing</c>, <c>active</c>, <c>killed</c>, <c>deactivated</c>, …</summary>
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("disk_format")]
    public string? DiskFormat { get; init; }

    [JsonPropertyName("size")]
    public long? Size { get; init; }

    /// <summary>MD5 sum; newer installations may do without.</summary>
    [JsonPropertyName("checksum")]
    public string? Checksum { get; init; }

    [JsonPropertyName("os_hash_algo")]
    public string? HashAlgorithm { get; init; }

    [JsonPropertyName("os_hash_value")]
    public string? HashValue { get; init; }

    /// <summary>Stores whose import has failed, with commas between.</summary>
    [JsonPropertyName("os_glance_failed_import")]
    public string? FailedImport { get; init; }

    /// <summary>All other members.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Others { get; set; } = [];

    /// <summary>A property; null when there is none.</summary>
    public string? Property(string name) => Others.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>All properties.</summary>
    public ValueMap<string> Properties() => new(Others
        .Where(other => other.Value.ValueKind == JsonValueKind.String && !Attributes.Contains(other.Key) && !other.Key.StartsWith("os_glance_", StringComparison.Ordinal))
        .Select(other => KeyValuePair.Create(other.Key, other.Value.GetString()!)));
}
