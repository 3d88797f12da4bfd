using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Images;

/// <summary>A page of images.</summary>
/// <param name="Images">Those on it.</param>
/// <param name="Next">Link to the next page; null on the last.</param>
internal sealed record GlancePage([property: JsonPropertyName("images")] IReadOnlyList<GlanceImage>? Images, [property: JsonPropertyName("next")] string? Next);
