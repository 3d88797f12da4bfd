using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Nodepool.Testing.OpenStackLab;

/// <summary>What tests need of OpenStack's API to see what is there, without anything of what they test.</summary>
public sealed class LabSession : IDisposable
{
    private const int MostAttempts = 5;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(3) };
    private readonly Dictionary<string, string> _services = [];

    private LabSession()
    {
    }

    /// <summary>Id of the project.</summary>
    public string ProjectId { get; private set; } = "";

    /// <summary>Logs in.</summary>
    public static async Task<LabSession> OpenAsync(string authUrl, LabAccount account, CancellationToken ct)
    {
        var session = new LabSession();
        session._services["identity"] = authUrl;
        var domain = new JsonObject { ["id"] = "default" };
        var login = new JsonObject
        {
            ["auth"] = new JsonObject
            {
                ["identity"] = new JsonObject
                {
                    ["methods"] = new JsonArray("password"),
                    ["password"] = new JsonObject { ["user"] = new JsonObject { ["name"] = account.User, ["password"] = account.Password, ["domain"] = domain } },
                },
                ["scope"] = new JsonObject { ["project"] = new JsonObject { ["name"] = account.Project, ["domain"] = domain.DeepClone() } },
            },
        };
        using var content = Json(login);
        using var response = await session._client.PostAsync(authUrl + "/auth/tokens", content, ct);
        var token = (await ReadAsync(response, "login", ct))!["token"]!;
        session.ProjectId = (string)token["project"]!["id"]!;
        foreach (var service in token["catalog"]!.AsArray())
        {
            if (service!["endpoints"]!.AsArray().FirstOrDefault(endpoint => (string)endpoint!["interface"]! == "public") is { } endpoint)
            {
                session._services[(string)service["type"]!] = (string)endpoint["url"]!;
            }
        }

        session._client.DefaultRequestHeaders.Add("X-Auth-Token", response.Headers.GetValues("X-Subject-Token").Single());
        return session;
    }

    /// <summary>Where a service is, as the catalogue has it.</summary>
    /// <param name="service">Its type: <c>compute</c>, <c>image</c>, <c>network</c>, <c>identity</c>.</param>
    public string Address(string service) => _services[service];

    /// <summary>Reads.</summary>
    public Task<JsonNode> GetAsync(string service, string path, CancellationToken ct) => SendAsync(HttpMethod.Get, service, path, null, ct)!;

    /// <summary>Creates.</summary>
    public Task<JsonNode> PostAsync(string service, string path, JsonNode body, CancellationToken ct) => SendAsync(HttpMethod.Post, service, path, Json(body), ct)!;

    /// <summary>Deletes; what is gone already is no failure.</summary>
    public Task DeleteAsync(string service, string path, CancellationToken ct) => SendAsync(HttpMethod.Delete, service, path, null, ct);

    /// <summary>Writes the content of an image.</summary>
    public Task PutDataAsync(string path, byte[] data, CancellationToken ct)
    {
        var content = new ByteArrayContent(data);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return SendAsync(HttpMethod.Put, "image", path, content, ct);
    }

    /// <summary>Puts something that has no body, such as a role of a user.</summary>
    public Task PutAsync(string service, string path, JsonNode? body, CancellationToken ct) => SendAsync(HttpMethod.Put, service, path, body is null ? null : Json(body), ct);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static StringContent Json(JsonNode body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    private static async Task<JsonNode?> ReadAsync(HttpResponseMessage response, string what, CancellationToken ct)
    {
        var text = await response.Content.ReadAsStringAsync(ct);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{what}: {(int)response.StatusCode} {text}", null, response.StatusCode);
        }

        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>What may be asked twice is: Neutron answers 500 now and then to a list while what it lists is being deleted.</summary>
    private async Task<JsonNode?> SendAsync(HttpMethod method, string service, string path, HttpContent? content, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(method, service, path, content, ct);
            }
            catch (HttpRequestException e) when (attempt < MostAttempts && (method == HttpMethod.Get || method == HttpMethod.Delete) && e.StatusCode >= HttpStatusCode.InternalServerError)
            {
                await Task.Delay(BetweenAttempts, TimeProvider.System, ct);
            }
        }
    }

    private async Task<JsonNode?> SendOnceAsync(HttpMethod method, string service, string path, HttpContent? content, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, _services[service] + path) { Content = content };
        using var response = await _client.SendAsync(request, ct);
        return method == HttpMethod.Delete && response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(response, $"{method} {service} {path}", ct);
    }
}
