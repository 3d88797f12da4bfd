using System.Text.Json.Nodes;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Integration.Peers;

/// <summary>A Python launcher with another provider in the same tree: each lets the other work, and a request ends well when either can serve it.</summary>
public sealed class NeighbourTests(ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RequestsOfBoth_AreServedByWhoeverCan()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        bed.Launch("one", PeerConfig.Labels(1, "ours", "both") + PeerConfig.Provider(bed, "cloud", ["ours", "both"]));
        var zuul = await bed.PeerAsync();
        var kazoo = await bed.PeerAsync();
        var python = new PythonLauncher(kazoo, "elsewhere", "theirs", "both");
        var components = await python.RegisterAsync();
        await bed.UntilAsync("both are registered and min-ready is kept", view => view.Pools.Count() == 2 && view.Nodes.ById.Values.Count(node => node.Record is { IsIdle: true }) == 2);

        // Only ours can; and only theirs can: nobody fails it, nobody writes it, however long they take.
        var ours = await AskAsync(zuul, "ours");
        var theirs = await AskAsync(zuul, "theirs");
        Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", ours)));
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Ct);
        Assert.Equal(0, bed.View.Requests[theirs].Version);
        Assert.True(await python.TryLockAsync(theirs));
        var node = await python.BeginAsync(theirs);
        await python.FulfilAsync(theirs, node);
        Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", theirs)));
        var version = bed.View.Nodes.ById[node].Version;
        Assert.Equal("[]", (await zuul.DoAsync("changed", ("name", theirs)))!.ToJsonString());

        // Withdrawn: the node is the Python launcher's to free.
        await zuul.DoAsync("cancel", ("name", theirs));
        await bed.UntilAsync("the withdrawn request is gone", view => !view.Requests.ContainsKey(theirs));

        // Its requests for ready nodes and its node in use without a lock are its own.
        var minReady = PythonRecords.Request("requested", "theirs");
        (minReady["requestor"], minReady["reuse"], minReady["requestor_data"]) = ("NodePool:min-ready", false, new JsonObject());
        var theirMinReady = NodepoolPaths.NameOf(await kazoo.TextAsync("create", ("path", "/nodepool/requests/900-"), ("data", minReady), ("sequence", true), ("ephemeral", true)));
        var inUse = NodepoolPaths.NameOf(await kazoo.TextAsync("create", ("path", "/nodepool/nodes/"), ("data", PythonRecords.Node("in-use", "elsewhere", "main", "theirs")), ("sequence", true)));

        // Nobody can: the last of both to refuse fails it, whoever that is.
        var nobodys = await AskAsync(zuul, "unheard-of");
        await bed.UntilAsync("we have refused it", view => IsRefused(view, nobodys));
        Assert.True(await python.TryLockAsync(nobodys));
        await python.DeclineAsync(nobodys);
        Assert.Equal("failed", await zuul.TextAsync("wait", ("name", nobodys)));

        Assert.Equal(0, bed.View.Requests[theirMinReady].Version);
        Assert.Equal((0, version), (bed.View.Nodes.ById[inUse].Version, bed.View.Nodes.ById[node].Version));
        Assert.All(components, path => Assert.Contains(path, bed.View.Components.Keys));
        bed.NobodyOffended();
    }

    /// <summary>One that both can serve belongs to who has its lock; when that one gives up, the other goes on in spite of what is left with it.</summary>
    [Fact]
    public async Task RequestThatBothCanServe_BelongsToWhoHasItsLock()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        bed.Launch("one", PeerConfig.Labels("both") + PeerConfig.Provider(bed, "cloud", ["both"]));
        var zuul = await bed.PeerAsync();
        var python = new PythonLauncher(await bed.PeerAsync(), "elsewhere", "both");
        await python.RegisterAsync();
        await bed.UntilAsync("both are registered", view => view.Pools.Count() == 2);

        // The id is the next of the counter: whoever waits for it has the lock before the request is there.
        var counter = await AskAsync(zuul, "both");
        Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", counter)));
        var next = $"200-{int.Parse(counter[4..], System.Globalization.CultureInfo.InvariantCulture) + 1:0000000000}";
        Assert.True(await python.TryLockAsync(next));
        Assert.Equal(next, await AskAsync(zuul, "both"));
        var node = await python.BeginAsync(next);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Ct);
        Assert.Equal([node], bed.View.Nodes.Of(next));

        await python.SetNodeAsync(node, "ready");
        await python.DeclineAsync(next);

        Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", next)));
        var served = (string)(await zuul.DoAsync("accept", ("name", next)))![0]!;
        Assert.Equal(("cloud", "elsewhere"), ((string)(await bed.NodeAsync(served))["provider"]!, (string)(await bed.NodeAsync(node))["provider"]!));
        bed.NobodyOffended();
    }

    /// <summary>A Python launcher that dies with a request under way: we serve it.</summary>
    [Fact]
    public async Task RequestOfAPythonLauncherThatDied_IsServedHere()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        bed.Launch("one", PeerConfig.Labels("both") + PeerConfig.Provider(bed, "cloud", ["both"], maxServers: 0));
        var zuul = await bed.PeerAsync();
        var kazoo = await bed.PeerAsync();
        var python = new PythonLauncher(kazoo, "elsewhere", "both");
        await python.RegisterAsync();
        var id = await AskAsync(zuul, "both");
        await bed.UntilAsync("we have refused it", view => IsRefused(view, id));
        Assert.True(await python.TryLockAsync(id));
        var node = await python.BeginAsync(id);
        bed.Launch("two", PeerConfig.Labels("both") + PeerConfig.Provider(bed, "other-cloud", ["both"]));
        await bed.UntilAsync("a pool that could", view => view.Pools.Any(pool => pool.ProviderName == "other-cloud"));

        await kazoo.KillAsync();

        Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", id), ("timeout", 120)));
        Assert.Equal("building", (string)(await bed.NodeAsync(node))["state"]!);
        bed.NobodyOffended();
    }

    private static bool IsRefused(ClusterView view, string id) =>
        view.Requests.GetValueOrDefault(id) is { Record: { State: RequestState.Requested, DeclinedBy.Count: 1 } } request && !view.IsLocked(request);

    private static Task<string> AskAsync(PeerProcess zuul, string label) => zuul.TextAsync("request", ("labels", new JsonArray(label)));
}
