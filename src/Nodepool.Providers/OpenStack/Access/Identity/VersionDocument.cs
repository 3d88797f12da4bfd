using System.Text.Json;
using Nodepool.Providers.OpenStack.Access.Settings;

namespace Nodepool.Providers.OpenStack.Access.Identity;

/// <summary>
/// What a service says of its versions at its root or at one of them. The forms differ: <c>{"version": {…}}</c>,
/// <c>{"versions": […]}</c>, Keystone's <c>{"versions": {"values": […]}}</c>.
/// </summary>
internal static class VersionDocument
{
    /// <summary>The versions; empty when the answer is none of these.</summary>
    public static IReadOnlyList<VersionEntry> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind != JsonValueKind.Object ? [] : [.. Elements(json.RootElement).Where(element => element.ValueKind == JsonValueKind.Object).Select(ReadOne)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<JsonElement> Elements(JsonElement root)
    {
        if (root.TryGetProperty("version", out var one))
        {
            return [one];
        }

        if (!root.TryGetProperty("versions", out var versions))
        {
            return [];
        }

        var list = versions.ValueKind == JsonValueKind.Object && versions.TryGetProperty("values", out var values) ? values : versions;
        return list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];
    }

    private static VersionEntry ReadOne(JsonElement element) =>
        new(Text(element, "id") ?? "", Microversion.Parse(Text(element, "min_version")), Microversion.Parse(Text(element, "version") ?? Text(element, "max_version")));

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
