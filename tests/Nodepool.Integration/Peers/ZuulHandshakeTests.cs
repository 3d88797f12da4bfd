using System.Text.Json.Nodes;
using Nodepool.Core.Model;

namespace Nodepool.Integration.Peers;

/// <summary>A client that goes through Zuul's steps with the real kazoo, against a real launcher and a real server.</summary>
public sealed class ZuulHandshakeTests(ITestOutputHelper output)
{
    private static readonly string[] PoolKeys = ["hostname", "id", "kind", "model_api", "name", "paused", "priority", "provider_name", "state", "supported_labels", "version"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_FromItsCreationToTheEndOfItsNodes()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        bed.Launch("one", PeerConfig.Labels(1, "small", "large") + PeerConfig.Provider(bed, "cloud", ["small", "large"], "create-latency: 0.2"));
        var zuul = await bed.PeerAsync();
        await bed.UntilAsync("min-ready", view => view.Nodes.ById.Values.Count(node => node.Record is { IsIdle: true } && !node.IsLocked) == 2 && view.Requests.IsEmpty);

        var id = await zuul.TextAsync("request", ("labels", new JsonArray("large", "small", "large")), ("relative_priority", 3));
        Assert.Matches("^200-[0-9]{10}$", id);
        Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", id)));

        Assert.Equal("[]", (await zuul.DoAsync("changed", ("name", id)))!.ToJsonString());
        var request = (await zuul.DoAsync("read", ("name", id)))!;
        Assert.Equal(3, (int)request["relative_priority"]!);
        var nodes = request["nodes"]!.AsArray().Select(node => (string)node!).ToList();
        foreach (var (node, label) in nodes.Zip(["large", "small", "large"]))
        {
            var record = await bed.NodeAsync(node);
            Assert.Equal($"[\"{label}\"]", record["type"]!.ToJsonString());
            Assert.Equal((id, "ready", "tenant-één"), ((string)record["allocated_to"]!, (string)record["state"]!, (string)record["tenant_name"]!));
            Assert.All((string[])["hold_expiration", "user_data", "comment", "hold_job", "state_time", "attributes"], key => Assert.True(record.ContainsKey(key), key));
            Assert.All((string[])["label", "lock", "stat", "name"], key => Assert.False(record.ContainsKey(key), key));
            Assert.Equal("[]", (await zuul.DoAsync("children", ("path", NodepoolPaths.NodeLock(node))))!.ToJsonString());
        }

        Assert.Equal(nodes, (await zuul.DoAsync("accept", ("name", id)))!.AsArray().Select(node => (string)node!));
        Assert.Equal("NoNodeError", (await Assert.ThrowsAsync<PeerException>(() => zuul.DoAsync("read", ("name", id)))).Kind);
        foreach (var node in nodes)
        {
            await zuul.DoAsync("use", ("node", node));
        }

        await bed.UntilAsync("in use", view => nodes.All(node => view.Nodes.ById.GetValueOrDefault(node)?.Record is { State: NodeState.InUse, Launch: not null }));
        foreach (var node in nodes)
        {
            await zuul.DoAsync("finish", ("node", node));
        }

        await bed.UntilAsync("used nodes are gone", view => !nodes.Any(view.Nodes.ById.ContainsKey));
        await bed.UntilAsync("min-ready again", view => view.Nodes.ById.Values.Count(node => node.Record is { IsIdle: true }) == 2 && view.Requests.IsEmpty);
        await bed.UntilNothingLeaksAsync("cloud");
        bed.NobodyOffended();
    }

    [Fact]
    public async Task Components_AreWhatZuulsLabelPageReads()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        var launcher = bed.Launch("one", PeerConfig.Labels("small", "large") + PeerConfig.Provider(bed, "cloud", ["small", "large"]));
        var zuul = await bed.PeerAsync();
        await bed.UntilAsync("a pool", view => view.Pools.Any());

        var name = (string)Assert.Single((await zuul.DoAsync("children", ("path", "/nodepool/components/pool")))!.AsArray())!;
        var pool = (await zuul.DoAsync("get", ("path", "/nodepool/components/pool/" + name)))!["data"]!.AsObject();
        Assert.Matches($"^{Environment.MachineName}[0-9]{{10}}$", name);
        Assert.Equal(PoolKeys, pool.Select(pair => pair.Key));
        Assert.Equal(["small", "large"], pool["supported_labels"]!.AsArray().Select(label => (string)label!));
        Assert.Equal(("pool", "main", "cloud", "running", false, 100, 0), ((string)pool["kind"]!, (string)pool["name"]!, (string)pool["provider_name"]!, (string)pool["state"]!, (bool)pool["paused"]!, (int)pool["priority"]!, (int)pool["model_api"]!));
        Assert.Matches("-PoolWorker\\.cloud-main-[0-9a-f]{32}\\.[0-9]+$", (string)pool["id"]!);
        var process = (string)Assert.Single((await zuul.DoAsync("children", ("path", "/nodepool/components/launcher")))!.AsArray())!;
        Assert.Equal("running", (string)(await zuul.DoAsync("get", ("path", "/nodepool/components/launcher/" + process)))!["data"]!["state"]!);

        launcher.Signal(15);
        Assert.Equal(0, await launcher.EndAsync());
        Assert.Equal("[]", (await zuul.DoAsync("children", ("path", "/nodepool/components/pool")))!.ToJsonString());
    }

    /// <summary>One place; three wait for it. Who has been revised comes first; who is being revised is not touched.</summary>
    [Fact]
    public async Task RelativePriority_RevisedUnderTheLock_IsKeptAndObeyed()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        bed.Launch("one", PeerConfig.Labels("small") + PeerConfig.Provider(bed, "cloud", ["small"], maxServers: 1));
        var zuul = await bed.PeerAsync();
        var first = await AskAsync(zuul);
        Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", first)));
        var node = (string)Assert.Single((await zuul.DoAsync("accept", ("name", first)))!.AsArray())!;
        await zuul.DoAsync("use", ("node", node));
        string[] waiting = [await AskAsync(zuul), await AskAsync(zuul), await AskAsync(zuul)];
        await bed.UntilAsync("the pool is full", view => view.Pools.Any(pool => pool.Paused));

        foreach (var (id, priority) in waiting.Zip([20, 10, 0]))
        {
            await zuul.DoAsync("read", ("name", id));
            Assert.Equal("revised", await zuul.TextAsync("revise", ("name", id), ("relative_priority", priority)));
            Assert.Equal("changed meanwhile", await zuul.TextAsync("revise", ("name", id), ("relative_priority", priority)));
        }

        Assert.True((bool)(await zuul.DoAsync("lock", ("path", NodepoolPaths.RequestLock(waiting[2]))))!);
        await zuul.DoAsync("finish", ("node", node));
        Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", waiting[1])));
        var untouched = (await bed.Engine.GetAsync(NodepoolPaths.Request(waiting[2]), Ct))!;
        Assert.Equal((1, RequestState.Requested, 0), (untouched.Version, NodeRequestRecord.Read(untouched.Data.Span).State, NodeRequestRecord.Read(untouched.Data.Span).RelativePriority));

        await zuul.DoAsync("unlock", ("path", NodepoolPaths.RequestLock(waiting[2])));
        foreach (var id in (string[])[waiting[1], waiting[2], waiting[0]])
        {
            Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", id)));
            Assert.Equal("[]", (await zuul.DoAsync("changed", ("name", id)))!.ToJsonString());
            var served = (string)Assert.Single((await zuul.DoAsync("accept", ("name", id)))!.AsArray())!;
            await zuul.DoAsync("use", ("node", served));
            await zuul.DoAsync("finish", ("node", served));
        }

        bed.NobodyOffended();
    }

    /// <summary>Revision of a request that a launcher works on: Zuul gives up, and nothing is lost.</summary>
    [Fact]
    public async Task RequestThatIsBeingServed_IsLockedAgainstRevision()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        bed.Launch("one", PeerConfig.Labels("small") + PeerConfig.Provider(bed, "cloud", ["small"], "create-latency: 6"));
        var zuul = await bed.PeerAsync();
        var id = await AskAsync(zuul);
        await zuul.DoAsync("read", ("name", id));
        await bed.UntilAsync("pending", view => view.Requests.GetValueOrDefault(id)?.Record?.State == RequestState.Pending);

        Assert.Equal("locked", await zuul.TextAsync("revise", ("name", id), ("relative_priority", 7)));

        Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", id)));
        Assert.Equal("[]", (await zuul.DoAsync("changed", ("name", id)))!.ToJsonString());
    }

    [Fact]
    public async Task Requests_CancelledInEveryState_LeaveIdleNodesAndNothingElse()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        bed.Launch("one", PeerConfig.Labels("small", "large") + PeerConfig.Provider(bed, "cloud", ["small", "large"], "create-latency: 0.3", maxServers: 8));
        var zuul = await bed.PeerAsync();
        await bed.UntilAsync("a pool", view => view.Pools.Any());

        await zuul.DoAsync("crowd", ("labels", new JsonArray("small", "large")), ("jobs", 12), ("cancel", 0.8));
        await bed.UntilAsync("many have come and gone", async () => (int)(await zuul.DoAsync("account"))!["cancelled"]! >= 50);
        var account = (await zuul.DoAsync("stop"))!;

        bed.Note(account.ToJsonString());
        Assert.Equal("[]", account["errors"]!.ToJsonString());
        Assert.Equal((int)account["asked"]!, (int)account["served"]! + (int)account["cancelled"]!);
        await bed.UntilAsync("idle nodes and nothing else", view => view.Requests.IsEmpty && view.Nodes.ById.Values.All(node => node.Record is { IsIdle: true } && !node.IsLocked));
        await bed.UntilNothingLeaksAsync("cloud");
        bed.NobodyOffended();
    }

    [Fact]
    public async Task Hold_OfANode_LastsUntilItIsDeletedOrHasExpired()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        bed.Launch("one", PeerConfig.Labels("small") + PeerConfig.Provider(bed, "cloud", ["small"]));
        var zuul = await bed.PeerAsync();
        var id = await zuul.TextAsync("request", ("labels", new JsonArray("small", "small")));
        Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", id)));
        var nodes = (await zuul.DoAsync("accept", ("name", id)))!.AsArray().Select(node => (string)node!).ToList();
        foreach (var node in nodes)
        {
            await zuul.DoAsync("use", ("node", node));
        }

        await zuul.DoAsync("hold", ("node", nodes[0]));
        await zuul.DoAsync("hold", ("node", nodes[1]), ("expiration", 2));
        await bed.UntilAsync("the hold that expires is over", view => !view.Nodes.ById.ContainsKey(nodes[1]));
        var held = await bed.NodeAsync(nodes[0]);
        Assert.Equal(("hold", "held for ünïcode"), ((string)held["state"]!, (string)held["comment"]!));

        Assert.True((bool)(await zuul.DoAsync("unhold", ("node", nodes[0])))!);
        await bed.UntilAsync("nothing is left", view => view.Nodes.ById.IsEmpty);
        bed.NobodyOffended();
    }

    private static Task<string> AskAsync(PeerProcess zuul) => zuul.TextAsync("request", ("labels", new JsonArray("small")));
}
