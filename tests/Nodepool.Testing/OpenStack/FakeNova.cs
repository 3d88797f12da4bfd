using System.Globalization;
using System.Text.Json.Nodes;
using Nodepool.Core;

namespace Nodepool.Testing.OpenStack;

/// <summary>Nova of a <see cref="FakeOpenStack"/>.</summary>
public sealed class FakeNova
{
    private readonly FakeOpenStack _cloud;
    private readonly List<FakeServer> _servers = [];
    private readonly List<FakeServer> _gone = [];

    internal FakeNova(FakeOpenStack cloud) => _cloud = cloud;

    /// <summary>Flavors: id, name, MiB, cores.</summary>
    public List<(string Id, string Name, int Ram, int Vcpus)> Flavors { get; } = [("f1", "small", 1024, 1), ("f2", "large", 4096, 4)];

    /// <summary>Availability zones.</summary>
    public List<string> Zones { get; } = ["nova"];

    /// <summary>Time from a create to ACTIVE.</summary>
    public TimeSpan BuildTime { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Time from a delete until the server is gone.</summary>
    public TimeSpan DeleteTime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Text of the fault that the next servers end in; null: they become active.</summary>
    public Func<JsonObject, string?> BootFault { get; set; } = _ => null;

    /// <summary>What the project may have.</summary>
    public Quota Limits { get; set; } = Quota.Of((Quota.Instances, 200), (Quota.Cores, 400), (Quota.Ram, 400_000));

    /// <summary>Most servers on a page.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Nova leaves the ports and volumes of servers behind.</summary>
    public bool LeavesThings { get; set; }

    /// <summary>Before microversion 2.47: a server tells only the id of its flavor.</summary>
    public bool IsOld { get; set; }

    /// <summary>Servers that exist now.</summary>
    public IReadOnlyList<FakeServer> Servers
    {
        get
        {
            Settle();
            return [.. _servers];
        }
    }

    /// <summary>Puts a server there that nobody here has ordered.</summary>
    public FakeServer Add(string name, string flavor, params (string Key, string Value)[] metadata)
    {
        var texts = new JsonObject();
        foreach (var (key, value) in metadata)
        {
            texts[key] = value;
        }

        return Make(new JsonObject { ["name"] = name, ["flavorRef"] = flavor, ["metadata"] = texts }, TimeSpan.Zero);
    }

    internal FakeServer? Find(string id) => _servers.FirstOrDefault(server => server.Id == id);

    /// <summary>Lets servers go whose time has come.</summary>
    internal void Settle()
    {
        foreach (var server in _servers.Where(server => server.GoneAt <= _cloud.Now).ToList())
        {
            _servers.Remove(server);
            _gone.Add(server);
            _cloud.Neutron.ServerGone(server, LeavesThings);
            _cloud.Cinder.ServerGone(server, LeavesThings);
        }
    }

    internal FakeReply Answer(FakeCall call) => (call.Method, call.Parts) switch
    {
        ("GET", ["servers", "detail"]) => List(call),
        ("POST", ["servers"]) => Create(call.Body!["server"]!.AsObject()),
        ("GET", ["servers", var id]) => Find(id) is { } server ? FakeReply.Of(new JsonObject { ["server"] = Describe(server) }) : FakeReply.NotFound($"Instance {id}"),
        ("DELETE", ["servers", var id]) => Delete(id),
        ("POST", ["servers", var id, "action"]) => Find(id) is null ? FakeReply.NotFound($"Instance {id}")
            : FakeReply.Of(new JsonObject { ["output"] = $"console of {id}, {call.Body!["os-getConsoleOutput"]!["length"]} lines" }),
        ("GET", ["flavors", "detail"]) => FakeReply.Of(new JsonObject
        {
            ["flavors"] = new JsonArray([.. Flavors.Select(flavor => new JsonObject
            {
                ["id"] = flavor.Id, ["name"] = flavor.Name, ["ram"] = flavor.Ram, ["vcpus"] = flavor.Vcpus, ["OS-FLV-DISABLED:disabled"] = false,
            })]),
        }),
        ("GET", ["os-availability-zone"]) => FakeReply.Of(new JsonObject
        {
            ["availabilityZoneInfo"] = new JsonArray([.. Zones.Select(zone => new JsonObject { ["zoneName"] = zone, ["zoneState"] = new JsonObject { ["available"] = true } })]),
        }),
        ("GET", ["limits"]) => FakeReply.Of(new JsonObject
        {
            ["limits"] = new JsonObject
            {
                ["absolute"] = new JsonObject
                {
                    ["maxTotalInstances"] = Limits.Amounts.GetValueOrDefault(Quota.Instances, -1),
                    ["maxTotalCores"] = Limits.Amounts.GetValueOrDefault(Quota.Cores, -1),
                    ["maxTotalRAMSize"] = Limits.Amounts.GetValueOrDefault(Quota.Ram, -1),
                },
            },
        }),
        _ => FakeReply.NotFound(call.Path),
    };

    private FakeReply List(FakeCall call)
    {
        var now = _cloud.Now;
        var visible = _servers.Where(server => server.Created + _cloud.ListLag <= now)
            .Concat(_gone.Where(server => server.GoneAt + _cloud.ListLag > now)).OrderBy(server => server.Id, StringComparer.Ordinal).ToList();
        var begin = 0;
        if (call.Query.TryGetValue("marker", out var marker))
        {
            begin = visible.FindIndex(server => server.Id == marker) + 1;
            if (begin == 0)
            {
                return FakeReply.Refusal(400, $"marker [{marker}] not found");
            }
        }

        var page = visible.Skip(begin).Take(PageSize).ToList();
        var body = new JsonObject { ["servers"] = new JsonArray([.. page.Select(Describe)]) };
        if (begin + page.Count < visible.Count)
        {
            body["servers_links"] = new JsonArray(new JsonObject { ["rel"] = "next", ["href"] = $"http://elsewhere/servers/detail?limit={PageSize}&marker={page[^1].Id}" });
        }

        return FakeReply.Of(body);
    }

    private FakeReply Create(JsonObject order)
    {
        if (order["metadata"] is JsonObject metadata && metadata.FirstOrDefault(pair => System.Text.Encoding.UTF8.GetByteCount(pair.Value!.GetValue<string>()) > 255) is { Key: { } key })
        {
            return FakeReply.Refusal(400, $"Invalid input for field/attribute {key}. Value is too long.");
        }

        if (Flavors.All(flavor => flavor.Id != order["flavorRef"]!.GetValue<string>()))
        {
            return FakeReply.Refusal(400, $"Flavor {order["flavorRef"]} could not be found.");
        }

        var image = order["block_device_mapping_v2"]?[0]?["uuid"]?.GetValue<string>() ?? order["imageRef"]!.GetValue<string>();
        if (!_cloud.Glance.HasActive(image))
        {
            return FakeReply.Refusal(400, $"Can not find requested image {image}");
        }

        if (Limits.Amounts.TryGetValue(Quota.Instances, out var most) && _servers.Count >= most)
        {
            return FakeReply.Refusal(403, $"Quota exceeded for instances: Requested 1, but already used {_servers.Count} of {most} instances");
        }

        return FakeReply.Of(new JsonObject { ["server"] = new JsonObject { ["id"] = Make(order, BuildTime).Id } }, 202);
    }

    private FakeServer Make(JsonObject order, TimeSpan duration)
    {
        var id = _cloud.NewId();
        var network = _cloud.Neutron.NetworkOf(order["networks"]?[0]?["uuid"]?.GetValue<string>());
        var server = new FakeServer(id, order["name"]!.GetValue<string>(), (JsonObject)order.DeepClone(), _cloud.Now, _cloud.Now + duration)
        {
            Fault = BootFault(order),
            Network = network.Name,
            Address = _cloud.Neutron.NewAddress(network),
        };
        _servers.Add(server);
        _cloud.Neutron.Attach(server, network);
        if (order["block_device_mapping_v2"]?[0]?["volume_size"] is { } size)
        {
            server.Volumes.Add(_cloud.Cinder.Add(size.GetValue<int>(), id));
        }

        return server;
    }

    private FakeReply Delete(string id)
    {
        if (Find(id) is not { } server)
        {
            return FakeReply.NotFound($"Instance {id}");
        }

        server.GoneAt ??= _cloud.Now + DeleteTime;
        return FakeReply.Empty(204);
    }

    private JsonObject Describe(FakeServer server)
    {
        var flavor = Flavors.First(flavor => flavor.Id == server.Order["flavorRef"]!.GetValue<string>());
        var isActive = server.StatusAt(_cloud.Now) != "BUILD";
        var addresses = new JsonArray(Address(server.Address, "fixed"));
        if (_cloud.Neutron.FloatingOf(server) is { } floating)
        {
            addresses.Add(Address(floating, "floating"));
        }

        var json = new JsonObject
        {
            ["id"] = server.Id,
            ["name"] = server.Name,
            ["status"] = server.StatusAt(_cloud.Now),
            ["metadata"] = server.Order["metadata"]?.DeepClone() ?? new JsonObject(),
            ["flavor"] = IsOld ? new JsonObject { ["id"] = flavor.Id }
                : new JsonObject { ["original_name"] = flavor.Name, ["vcpus"] = flavor.Vcpus, ["ram"] = flavor.Ram, ["extra_specs"] = new JsonObject() },
            ["hostId"] = isActive ? "host-of-" + server.Id : "",
            ["OS-EXT-AZ:availability_zone"] = isActive ? server.Order["availability_zone"]?.GetValue<string>() ?? Zones[0] : "",
            ["os-extended-volumes:volumes_attached"] = new JsonArray([.. server.Volumes.Select(volume => new JsonObject { ["id"] = volume })]),
            ["accessIPv4"] = "",
            ["accessIPv6"] = "",
            ["addresses"] = isActive ? new JsonObject { [server.Network] = addresses } : new JsonObject(),
        };
        if (server.StatusAt(_cloud.Now) == "ERROR")
        {
            json["fault"] = new JsonObject { ["code"] = 500, ["message"] = server.Fault, ["created"] = _cloud.Now.ToString("O", CultureInfo.InvariantCulture) };
        }

        return json;
    }

    private static JsonObject Address(string address, string type) => new() { ["addr"] = address, ["version"] = 4, ["OS-EXT-IPS:type"] = type, ["OS-EXT-IPS-MAC:mac_addr"] = "02:00:00:00:00:01" };
}
