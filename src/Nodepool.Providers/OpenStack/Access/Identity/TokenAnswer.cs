using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Access.Identity;

/// <summary>The body in which Keystone describes a token; the token itself is in a header.</summary>
internal sealed record TokenAnswer([property: JsonPropertyName("token")] TokenAnswer.Description? Token)
{
    internal sealed record Description(
        [property: JsonPropertyName("issued_at")] DateTimeOffset? IssuedAt,
        [property: JsonPropertyName("expires_at")] DateTimeOffset? ExpiresAt,
        [property: JsonPropertyName("project")] Identified? Project,
        [property: JsonPropertyName("user")] Identified? User,
        [property: JsonPropertyName("catalog")] IReadOnlyList<Service>? Catalog);

    internal sealed record Identified([property: JsonPropertyName("id")] string? Id);

    internal sealed record Service(
        [property: JsonPropertyName("type")] string? Type,
        [property: JsonPropertyName("name")] string? Name,
        [property: JsonPropertyName("endpoints")] IReadOnlyList<Endpoint>? Endpoints);

    internal sealed record Endpoint(
        [property: JsonPropertyName("interface")] string? Interface,
        [property: JsonPropertyName("region_id")] string? RegionId,
        [property: JsonPropertyName("region")] string? Region,
        [property: JsonPropertyName("url")] string? Url);
}
