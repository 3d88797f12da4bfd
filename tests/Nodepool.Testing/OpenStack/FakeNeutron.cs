using System.Text.Json.Nodes;

namespace Nodepool.Testing.OpenStack;

/// <summary>Neutron of a <see cref="FakeOpenStack"/>.</summary>
public sealed class FakeNeutron
{
    private readonly FakeOpenStack _cloud;
    private int _addresses;

    internal FakeNeutron(FakeOpenStack cloud) => _cloud = cloud;

    /// <summary>Networks.</summary>
    public List<FakeNetwork> Networks { get; } = [new("net-private", "private", "10.1")];

    /// <summary>Ports.</summary>
    public List<FakePort> Ports { get; } = [];

    /// <summary>Floating IPs.</summary>
    public List<FakeFloatingIp> FloatingIps { get; } = [];

    /// <summary>Most floating IPs that the project may have.</summary>
    public int MostFloatingIps { get; set; } = 100;

    /// <summary>Gives the cloud a network that floating IPs come from.</summary>
    public FakeNetwork AddExternal()
    {
        var network = new FakeNetwork("net-public", "public", "203.0", IsExternal: true);
        Networks.Add(network);
        return network;
    }

    /// <summary>Puts a floating IP there.</summary>
    public FakeFloatingIp AddFloatingIp(string description = "", string project = FakeOpenStack.Project)
    {
        var network = Networks.First(network => network.IsExternal);
        var address = new FakeFloatingIp(_cloud.NewId(), network, NewAddress(network), description) { Project = project, Created = _cloud.Now };
        FloatingIps.Add(address);
        return address;
    }

    internal FakeNetwork NetworkOf(string? id) => id is null ? Networks[0] : Networks.First(network => network.Id == id);

    internal string NewAddress(FakeNetwork network)
    {
        var number = ++_addresses;
        return $"{network.Prefix}.{number / 250}.{(number % 250) + 1}";
    }

    internal void Attach(FakeServer server, FakeNetwork network) => Ports.Add(new FakePort(_cloud.NewId(), network, server.Id, server.Address));

    internal void ServerGone(FakeServer server, bool isLeft)
    {
        foreach (var port in Ports.Where(port => port.Device == server.Id).ToList())
        {
            foreach (var address in FloatingIps.Where(address => address.Port == port.Id))
            {
                address.Port = null;
            }

            port.Status = "DOWN";
            if (!isLeft)
            {
                Ports.Remove(port);
            }
        }
    }

    internal string? FloatingOf(FakeServer server) =>
        FloatingIps.FirstOrDefault(address => Ports.Any(port => port.Id == address.Port && port.Device == server.Id))?.Address;

    internal FakeReply Answer(FakeCall call) => (call.Method, call.Parts) switch
    {
        ("GET", ["networks"]) => FakeReply.Of(new JsonObject
        {
            ["networks"] = new JsonArray([.. Networks.Select(network => new JsonObject { ["id"] = network.Id, ["name"] = network.Name, ["router:external"] = network.IsExternal })]),
        }),
        ("GET", ["ports"]) => FakeReply.Of(new JsonObject { ["ports"] = new JsonArray([.. Ports.Where(port => IsAsked(call, port.Project)).Select(Describe)]) }),
        ("DELETE", ["ports", var id]) => FakeReply.Empty(Ports.RemoveAll(port => port.Id == id) > 0 ? 204 : 404),
        ("GET", ["floatingips"]) => FakeReply.Of(new JsonObject
        {
            ["floatingips"] = new JsonArray([.. FloatingIps.Where(address => IsAsked(call, address.Project) && address.Created + _cloud.ListLag <= _cloud.Now).Select(Describe)]),
        }),
        ("POST", ["floatingips"]) => Create(call.Body!["floatingip"]!.AsObject()),
        ("PUT", ["floatingips", var id]) => Attach(id, call.Body!["floatingip"]!["port_id"]!.GetValue<string>()),
        ("DELETE", ["floatingips", var id]) => FakeReply.Empty(FloatingIps.RemoveAll(address => address.Id == id) > 0 ? 204 : 404),
        _ => FakeReply.NotFound(call.Path),
    };

    private static bool IsAsked(FakeCall call, string project) => !call.Query.TryGetValue("project_id", out var wanted) || wanted == project;

    private FakeReply Create(JsonObject order)
    {
        if (FloatingIps.Count >= MostFloatingIps)
        {
            return FakeReply.Refusal(409, "Quota exceeded for resources: ['floatingip'].");
        }

        var address = AddFloatingIp(order["description"]?.GetValue<string>() ?? "");
        address.Port = order["port_id"]!.GetValue<string>();
        return FakeReply.Of(new JsonObject { ["floatingip"] = Describe(address) }, 201);
    }

    private FakeReply Attach(string id, string port)
    {
        if (FloatingIps.FirstOrDefault(address => address.Id == id) is not { } found)
        {
            return FakeReply.NotFound($"Floating IP {id}");
        }

        found.Port = port;
        return FakeReply.Of(new JsonObject { ["floatingip"] = Describe(found) });
    }

    private static JsonObject Describe(FakeFloatingIp address) => new()
    {
        ["id"] = address.Id,
        ["floating_ip_address"] = address.Address,
        ["floating_network_id"] = address.Network.Id,
        ["port_id"] = address.Port,
        ["description"] = address.Description,
        ["project_id"] = address.Project,
    };

    private static JsonObject Describe(FakePort port) => new()
    {
        ["id"] = port.Id,
        ["name"] = "",
        ["status"] = port.Status,
        ["network_id"] = port.Network.Id,
        ["device_id"] = port.Device,
        ["device_owner"] = port.Owner,
        ["project_id"] = port.Project,
        ["fixed_ips"] = new JsonArray(new JsonObject { ["ip_address"] = port.Address, ["subnet_id"] = "s" }),
    };
}
