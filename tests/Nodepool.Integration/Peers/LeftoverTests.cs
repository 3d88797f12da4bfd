using System.Text.Json.Nodes;
using Nodepool.Core.Model;

namespace Nodepool.Integration.Peers;

/// <summary>What kazoo peers leave behind when they die or misbehave, all of it at once, and what is cleaned up of it.</summary>
public sealed class LeftoverTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Leftovers_OfEveryKind_AreCleanedUpAndTheThingsOfOthersLeftAlone()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        bed.Launch("one", PeerConfig.Labels("small") + PeerConfig.Provider(bed, "cloud", ["small"]));
        var zuul = await bed.PeerAsync();
        await bed.UntilAsync("a pool", view => view.Pools.Any());

        // A request that was fulfilled and is withdrawn: its node is idle again.
        var withdrawn = await zuul.TextAsync("request", ("labels", new JsonArray("small")));
        Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", withdrawn)));
        var idle = (string)(await zuul.DoAsync("read", ("name", withdrawn)))!["nodes"]![0]!;
        await zuul.DoAsync("cancel", ("name", withdrawn));
        await bed.UntilAsync("the node of a withdrawn request is idle", view => view.Nodes.ById.GetValueOrDefault(idle)?.Record is { AllocatedTo: null, State: NodeState.Ready });

        // An executor dies with its node in use.
        var executor = await bed.PeerAsync();
        var taken = await executor.TextAsync("request", ("labels", new JsonArray("small")));
        Assert.Equal("fulfilled", await executor.TextAsync("wait", ("name", taken)));
        var orphan = (string)(await executor.DoAsync("accept", ("name", taken)))![0]!;
        await executor.DoAsync("use", ("node", orphan));
        await executor.KillAsync();

        var used = await PutAsync(zuul, Node("used"));
        var failed = await PutAsync(zuul, Node("failed"));
        var halfMade = await PutAsync(zuul, Node("building"));
        var begun = await PutAsync(zuul, Node("init"));
        var dangling = await PutAsync(zuul, Node("ready", request: "200-0000009999"));
        var expired = await PutAsync(zuul, Node("hold", expiration: 5));
        var poolless = await PutAsync(zuul, Node("ready", pool: "removed"));
        var danglingPoolless = await PutAsync(zuul, Node("ready", pool: "removed", request: "200-0000009999"));
        var empty = Name(await zuul.TextAsync("create", ("path", "/nodepool/nodes/"), ("sequence", true)));
        await zuul.DoAsync("create", ("path", $"/nodepool/nodes/{empty}/lock"));
        // Locking a node that has gone makes an empty one.
        Assert.True((bool)(await zuul.DoAsync("lock", ("path", "/nodepool/nodes/0000008888/lock")))!);
        await zuul.DoAsync("unlock", ("path", "/nodepool/nodes/0000008888/lock"));
        var lost = Name(await zuul.TextAsync("create", ("path", "/nodepool/requests/200-"), ("data", Pending()), ("sequence", true)));

        var held = await PutAsync(zuul, Node("hold"));
        var foreignUsed = await PutAsync(zuul, Node("used", provider: "elsewhere"));
        var foreignInUse = await PutAsync(zuul, Node("in-use", provider: "elsewhere"));
        var foreignHold = await PutAsync(zuul, Node("hold", provider: "elsewhere", expiration: 5));
        string[] leave = [held, foreignUsed, foreignInUse, foreignHold];
        string[] go = [used, failed, halfMade, begun, expired, poolless, danglingPoolless, empty, "0000008888", orphan];
        var locked = await PutAsync(zuul, Node("used"), isLocked: true);

        Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", lost)));
        await bed.UntilAsync("all that was left is gone", view => !go.Any(view.Nodes.ById.ContainsKey));
        await bed.UntilAsync("a node of a request that never was is nobody's", view => view.Nodes.ById.GetValueOrDefault(dangling)?.Record is { State: NodeState.Ready, AllocatedTo: null or not "200-0000009999" });
        Assert.All(leave, id => Assert.Equal(0, bed.View.Nodes.ById[id].Version));
        Assert.Equal(NodeState.Used, bed.View.Nodes.ById[locked].Record!.State);

        await zuul.DoAsync("unlock", ("path", NodepoolPaths.NodeLock(locked)));
        await bed.UntilAsync("what was locked is gone as well", view => !view.Nodes.ById.ContainsKey(locked));
        bed.NobodyOffended();
    }

    private static async Task<string> PutAsync(PeerProcess zuul, JsonObject node, bool isLocked = false)
    {
        if (!isLocked)
        {
            return Name(await zuul.TextAsync("create", ("path", "/nodepool/nodes/"), ("data", node), ("sequence", true)));
        }

        var id = Name(await zuul.TextAsync("create", ("path", "/nodepool/nodes/"), ("data", Node("ready", request: "none", provider: "elsewhere")), ("sequence", true)));
        Assert.True((bool)(await zuul.DoAsync("lock", ("path", NodepoolPaths.NodeLock(id))))!);
        await zuul.DoAsync("set", ("path", NodepoolPaths.Node(id)), ("data", node));
        return id;
    }

    private static JsonObject Node(string state, string provider = "cloud", string pool = "main", string? request = null, int? expiration = null) =>
        PythonRecords.Node(state, provider, pool, "small", request, expiration);

    private static JsonObject Pending()
    {
        var request = PythonRecords.Request("pending", "small");
        request["nodes"] = new JsonArray("0000007777");
        return request;
    }

    private static string Name(string path) => NodepoolPaths.NameOf(path);
}
