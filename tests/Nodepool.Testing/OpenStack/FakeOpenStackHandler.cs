using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Testing.OpenStack;

/// <summary>A <see cref="FakeOpenStack"/> over HTTP, with a Keystone in front: <c>http://cloud/identity/v3</c>.</summary>
public sealed class FakeOpenStackHandler(FakeOpenStack cloud) : HttpMessageHandler
{
    private static readonly (string Prefix, CloudService Service, string Type)[] Services =
    [
        ("/compute/v2.1", CloudService.Compute, "compute"), ("/image/v2", CloudService.Image, "image"),
        ("/network/v2.0", CloudService.Network, "network"), ("/volume/v3/" + FakeOpenStack.Project, CloudService.BlockStorage, "volumev3"),
    ];

    /// <summary>Variables that lead to it.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["OS_AUTH_URL"] = "http://cloud/identity/v3",
        ["OS_USERNAME"] = "u",
        ["OS_PASSWORD"] = "pw",
        ["OS_PROJECT_NAME"] = "p",
        ["OS_REGION_NAME"] = "here",
    };

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (path.StartsWith("/identity", StringComparison.Ordinal))
        {
            return Token();
        }

        if (path is "/compute/v2.1/" or "/volume/v3/")
        {
            return Of(FakeReply.Of(JsonNode.Parse(path[1] == 'c'
                ? """{"version": {"id": "v2.1", "min_version": "2.1", "version": "2.90"}}"""
                : """{"versions": [{"id": "v3.0", "min_version": "3.0", "version": "3.59"}]}""")!));
        }

        var (prefix, service, _) = Services.First(each => path.StartsWith(each.Prefix + "/", StringComparison.Ordinal));
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            return Of(await cloud.HandleAsync(FakeCall.Of(service, request.Method.Method, request.RequestUri.PathAndQuery[(prefix.Length + 1)..], body), cancellationToken));
        }
        catch (FakeConnectionException e)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, e.Message, e);
        }
    }

    private HttpResponseMessage Token()
    {
        var catalog = new JsonArray([.. Services.Select(each => new JsonObject
        {
            ["type"] = each.Type,
            ["name"] = each.Type,
            ["endpoints"] = new JsonArray(new JsonObject { ["interface"] = "public", ["region_id"] = "here", ["url"] = "http://cloud" + each.Prefix }),
        })]);
        var now = cloud.Time.GetUtcNow();
        var response = Of(FakeReply.Of(
            new JsonObject
            {
                ["token"] = new JsonObject
                {
                    ["issued_at"] = now.ToString("O", CultureInfo.InvariantCulture),
                    ["expires_at"] = now.AddHours(1).ToString("O", CultureInfo.InvariantCulture),
                    ["project"] = new JsonObject { ["id"] = FakeOpenStack.Project },
                    ["user"] = new JsonObject { ["id"] = "u" },
                    ["catalog"] = catalog,
                },
            },
            201));
        response.Headers.Add("X-Subject-Token", "token");
        return response;
    }

    private static HttpResponseMessage Of(FakeReply reply)
    {
        var response = new HttpResponseMessage((HttpStatusCode)reply.Status) { Content = new ReadOnlyMemoryContent(reply.Body) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (reply.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        }

        return response;
    }
}
