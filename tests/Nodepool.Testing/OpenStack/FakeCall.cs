using System.Text.Json.Nodes;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Testing.OpenStack;

/// <summary>A call to a service of a <see cref="FakeOpenStack"/>.</summary>
/// <param name="Service">Which.</param>
/// <param name="Method"><c>GET</c>, <c>POST</c>, …</param>
/// <param name="Path">Below the version, without the query: <c>servers/detail</c>.</param>
/// <param name="Query">The query.</param>
/// <param name="Body">The body as JSON; null when it is none.</param>
/// <param name="Raw">The body.</param>
public sealed record FakeCall(CloudService Service, string Method, string Path, IReadOnlyDictionary<string, string> Query, JsonNode? Body, ReadOnlyMemory<byte> Raw)
{
    /// <summary>Such as <c>compute GET servers/*</c>: ids are left out.</summary>
    public string Kind => $"{Service} {Method} {string.Join('/', Path.Split('/').Select((part, at) => at == 1 && part != "detail" ? "*" : part))}";

    /// <summary>Parts of the path.</summary>
    public string[] Parts => Path.Split('/');

    /// <summary>Splits a path with a query.</summary>
    public static FakeCall Of(CloudService service, string method, string pathAndQuery, ReadOnlyMemory<byte> body)
    {
        var parts = pathAndQuery.Split('?', 2);
        var query = parts.Length < 2 ? [] : parts[1].Split('&').Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => Uri.UnescapeDataString(pair.Length > 1 ? pair[1] : ""), StringComparer.Ordinal);
        return new FakeCall(service, method, Uri.UnescapeDataString(parts[0].Trim('/')), query, JsonOf(body), body);
    }

    private static JsonNode? JsonOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            return body.IsEmpty || body.Span[0] is not ((byte)'{' or (byte)'[') ? null : JsonNode.Parse(body.Span);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
