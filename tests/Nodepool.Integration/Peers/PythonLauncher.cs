using System.Text.Json.Nodes;
using Nodepool.Core.Model;

namespace Nodepool.Integration.Peers;

/// <summary>A Python launcher with one pool, step by step: writes what it writes, and locks before it does.</summary>
internal sealed class PythonLauncher(PeerProcess kazoo, string provider, params string[] labels)
{
    public string PoolId => PythonRecords.PoolId(provider, "main");

    /// <summary>Registers itself; returns the entries, which live as long as its session.</summary>
    public async Task<string[]> RegisterAsync() =>
    [
        await kazoo.TextAsync("create", ("path", "/nodepool/components/launcher/python"), ("ephemeral", true), ("sequence", true),
            ("data", new JsonObject { ["hostname"] = "python", ["kind"] = "launcher", ["model_api"] = 0, ["state"] = "running", ["version"] = "11.0.0" })),
        await kazoo.TextAsync("create", ("path", "/nodepool/components/pool/python"), ("ephemeral", true), ("sequence", true), ("data", PythonRecords.Pool(provider, "main", labels))),
    ];

    /// <summary>Locks a request that waits; false when somebody else has it.</summary>
    public async Task<bool> TryLockAsync(string request) => (bool)(await kazoo.DoAsync("lock", ("path", NodepoolPaths.RequestLock(request))))!;

    /// <summary>Accepts a locked request and begins a node for it, which stays locked.</summary>
    public async Task<string> BeginAsync(string request)
    {
        await StoreAsync(request, record => record["state"] = "pending");
        var label = (string)(await ReadAsync(NodepoolPaths.Request(request)))["node_types"]![0]!;
        var node = NodepoolPaths.NameOf(await kazoo.TextAsync("create", ("path", "/nodepool/nodes/"), ("sequence", true), ("data", PythonRecords.Node("init", provider, "main", label, request))));
        Assert.True((bool)(await kazoo.DoAsync("lock", ("path", NodepoolPaths.NodeLock(node))))!);
        await SetNodeAsync(node, "building");
        return node;
    }

    /// <summary>The node is ready and free, the request fulfilled and free.</summary>
    public async Task FulfilAsync(string request, string node)
    {
        await SetNodeAsync(node, "ready");
        await kazoo.DoAsync("unlock", ("path", NodepoolPaths.NodeLock(node)));
        await StoreAsync(request, record => (record["state"], record["nodes"]) = ("fulfilled", new JsonArray(node)));
        await ReleaseAsync(request);
    }

    /// <summary>Refuses a locked request; what is ready for it stays with it, as in Python.</summary>
    public async Task DeclineAsync(string request)
    {
        await StoreAsync(request, record =>
        {
            record["state"] = "requested";
            record["declined_by"]!.AsArray().Add((JsonNode?)PoolId);
        });
        await ReleaseAsync(request);
    }

    public Task SetNodeAsync(string node, string state) => ChangeAsync(NodepoolPaths.Node(node), record => record["state"] = state);

    public Task ReleaseAsync(string request) => kazoo.DoAsync("unlock", ("path", NodepoolPaths.RequestLock(request)));

    public async Task<JsonObject> ReadAsync(string path) => (await kazoo.DoAsync("get", ("path", path)))!["data"]!.DeepClone().AsObject();

    private Task StoreAsync(string request, Action<JsonObject> change) => ChangeAsync(NodepoolPaths.Request(request), change);

    /// <summary>Whole, without a version.</summary>
    private async Task ChangeAsync(string path, Action<JsonObject> change)
    {
        var record = await ReadAsync(path);
        change(record);
        record["state_time"] = PeerBed.Sources.UnixNow;
        record.TryAdd("declined_by", new JsonArray());
        record.TryAdd("nodes", new JsonArray());
        await kazoo.DoAsync("set", ("path", path), ("data", record));
    }
}
