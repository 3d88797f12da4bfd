using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Nodepool.Testing.OpenStackLab;

/// <summary>A project that nobody else works in. All that is in it goes with it.</summary>
public sealed class LabProject : IAsyncDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    private readonly Lab _lab;
    private readonly LabSession _session;
    private readonly string _userId;

    private LabProject(Lab lab, LabAccount account, string userId, LabSession session) => (_lab, Account, _userId, _session) = (lab, account, userId, session);

    /// <summary>Its user.</summary>
    public LabAccount Account { get; }

    /// <summary>Its id.</summary>
    public string Id => _session.ProjectId;

    /// <summary>Makes it.</summary>
    public static async Task<LabProject> CreateAsync(Lab lab, CancellationToken ct)
    {
        var name = "np-" + RandomNumberGenerator.GetHexString(8, lowercase: true);
        var account = new LabAccount(name, name, RandomNumberGenerator.GetHexString(16, lowercase: true));
        var project = await lab.Admin.PostAsync("identity", "/projects", new JsonObject { ["project"] = new JsonObject { ["name"] = name, ["domain_id"] = "default" } }, ct);
        var projectId = (string)project["project"]!["id"]!;
        var user = await lab.Admin.PostAsync(
            "identity", "/users", new JsonObject { ["user"] = new JsonObject { ["name"] = name, ["domain_id"] = "default", ["password"] = account.Password } }, ct);
        var userId = (string)user["user"]!["id"]!;
        var roles = (await lab.Admin.GetAsync("identity", "/roles?name=member", ct))["roles"]!.AsArray();
        await lab.Admin.PutAsync("identity", $"/projects/{projectId}/users/{userId}/roles/{(string)roles[0]!["id"]!}", null, ct);
        return new LabProject(lab, account, userId, await LabSession.OpenAsync(lab.AuthUrl, account, ct));
    }

    /// <summary>An entry of <c>clouds.yaml</c> for it: nodes with fixed addresses, or private ones with floating IPs before them.</summary>
    /// <param name="entry">What the entry is called.</param>
    /// <param name="isFloating">Nodes need floating IPs.</param>
    /// <param name="proxy">What lies between the user and the services, if anything.</param>
    public string CloudsEntry(string entry, bool isFloating = false, FaultProxy? proxy = null)
    {
        var through = proxy is null ? "" : string.Concat(proxy.Services.Select(service => $"    {service}_endpoint_override: {proxy.Address(service)}\n"));
        var networks = isFloating
            ? """
                  networks:
                    - {name: lab-private, nat_destination: true, default_interface: true}
                    - {name: lab-ext, routes_externally: true, nat_source: true}

              """
            : """
                  networks:
                    - {name: lab-net, routes_externally: true, default_interface: true}

              """;
        return $"""
              {entry}:
                region_name: {_lab.Region}
                auth:
                  auth_url: {_lab.AuthUrl}
                  username: {Account.User}
                  password: {Account.Password}
                  project_name: {Account.Project}
                  user_domain_name: Default
                  project_domain_name: Default

            """ + through + networks;
    }

    /// <summary>Makes an application credential of the user for the project.</summary>
    /// <returns>Its id and its secret.</returns>
    public async Task<(string Id, string Secret)> CreateApplicationCredentialAsync(CancellationToken ct)
    {
        var body = new JsonObject { ["application_credential"] = new JsonObject { ["name"] = "for-a-test" } };
        var made = (await _session.PostAsync("identity", $"/users/{_userId}/application_credentials", body, ct))["application_credential"]!;
        return ((string)made["id"]!, (string)made["secret"]!);
    }

    /// <summary>Sets the project's quota of servers; -1 is none.</summary>
    public Task SetServerQuotaAsync(int servers, CancellationToken ct) => _lab.Admin.PutAsync(
        "compute", "/os-quota-sets/" + Id, new JsonObject { ["quota_set"] = new JsonObject { ["instances"] = servers, ["force"] = true } }, ct);

    /// <summary>Its servers.</summary>
    public async Task<IReadOnlyList<LabServer>> ServersAsync(CancellationToken ct) => Servers(await _session.GetAsync("compute", "/servers/detail", ct));

    /// <summary>All servers that it ever had.</summary>
    public async Task<IReadOnlyList<LabServer>> ServersEverAsync(CancellationToken ct) =>
        [.. await ServersAsync(ct), .. Servers(await _lab.Admin.GetAsync("compute", $"/servers/detail?all_tenants=1&deleted=true&project_id={Id}", ct))];

    /// <summary>Its images, in whatever state they are.</summary>
    public async Task<IReadOnlyList<LabImage>> ImagesAsync(CancellationToken ct) =>
        [.. (await _session.GetAsync("image", "/v2/images?owner=" + Id, ct))["images"]!.AsArray().Select(image => new LabImage(
            (string)image!["id"]!, (string?)image["name"] ?? "", (string)image["status"]!, Texts(image.AsObject())))];

    /// <summary>Its floating IPs: their addresses, and null or the port that they are at.</summary>
    public async Task<IReadOnlyList<(string Address, string? Port)>> FloatingIpsAsync(CancellationToken ct) =>
        [.. (await NetworkAsync("floatingips", ct)).Select(floating => ((string)floating["floating_ip_address"]!, (string?)floating["port_id"]))];

    /// <summary>Ids of its ports.</summary>
    public async Task<IReadOnlyList<string>> PortsAsync(CancellationToken ct) => [.. (await NetworkAsync("ports", ct)).Select(port => (string)port["id"]!)];

    /// <summary>Makes an image with some content.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateImageAsync(string name, IReadOnlyDictionary<string, string> properties, CancellationToken ct)
    {
        var body = new JsonObject { ["name"] = name, ["disk_format"] = "raw", ["container_format"] = "bare", ["visibility"] = "private" };
        foreach (var (key, value) in properties)
        {
            body[key] = value;
        }

        var id = (string)(await _session.PostAsync("image", "/v2/images", body, ct))["id"]!;
        await _session.PutDataAsync($"/v2/images/{id}/file", new byte[4096], ct);
        return id;
    }

    /// <summary>Makes a server, and does not wait for it.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateServerAsync(string name, string imageId, IReadOnlyDictionary<string, string> metadata, CancellationToken ct)
    {
        var flavors = (await _session.GetAsync("compute", "/flavors", ct))["flavors"]!.AsArray();
        var networks = (await _session.GetAsync("network", "/v2.0/networks?name=" + Lab.Network, ct))["networks"]!.AsArray();
        var server = new JsonObject
        {
            ["name"] = name,
            ["imageRef"] = imageId,
            ["flavorRef"] = (string)flavors.First(flavor => (string)flavor!["name"]! == Lab.Flavor)!["id"]!,
            ["networks"] = new JsonArray(new JsonObject { ["uuid"] = (string)networks[0]!["id"]! }),
            ["metadata"] = new JsonObject(metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        };
        return (string)(await _session.PostAsync("compute", "/servers", new JsonObject { ["server"] = server }, ct))["server"]!["id"]!;
    }

    /// <summary>Deletes a server, and does not wait until it is gone.</summary>
    public Task DeleteServerAsync(string id, CancellationToken ct) => _session.DeleteAsync("compute", "/servers/" + id, ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5), TimeProvider.System);
        var ct = patience.Token;
        while (await ServersAsync(ct) is { Count: > 0 } servers)
        {
            await Task.WhenAll(servers.Select(server => DeleteServerAsync(server.Id, ct)));
            await Task.Delay(Glance, TimeProvider.System, ct);
        }

        foreach (var image in await ImagesAsync(ct))
        {
            await _session.DeleteAsync("image", "/v2/images/" + image.Id, ct);
        }

        foreach (var kind in new[] { "floatingips", "ports" })
        {
            foreach (var one in await NetworkAsync(kind, ct))
            {
                await _session.DeleteAsync("network", $"/v2.0/{kind}/{(string)one["id"]!}", ct);
            }
        }

        await _lab.Admin.DeleteAsync("identity", "/users/" + _userId, ct);
        await _lab.Admin.DeleteAsync("identity", "/projects/" + Id, ct);
        _session.Dispose();
    }

    private static LabServer[] Servers(JsonNode answer) => [.. answer["servers"]!.AsArray().Select(server => new LabServer(
        (string)server!["id"]!,
        (string)server["name"]!,
        (string)server["status"]!,
        (string?)(server["image"] as JsonObject)?["id"],
        (string?)server["OS-SRV-USG:launched_at"] is { } at ? DateTimeOffset.Parse(at + "Z", CultureInfo.InvariantCulture) : null,
        Texts(server["metadata"]!.AsObject())))];

    private static Dictionary<string, string> Texts(JsonObject all) => all
        .Where(pair => pair.Value is JsonValue value && value.TryGetValue<string>(out _))
        .ToDictionary(pair => pair.Key, pair => (string)pair.Value!);

    private async Task<IEnumerable<JsonObject>> NetworkAsync(string kind, CancellationToken ct) =>
        (await _session.GetAsync("network", $"/v2.0/{kind}?project_id={Id}", ct))[kind]!.AsArray().Select(one => one!.AsObject());
}
