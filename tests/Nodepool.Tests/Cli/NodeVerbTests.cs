using System.Text.Json.Nodes;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Tests.Cli;

public sealed class NodeVerbTests : IDisposable
{
    private const string Id = "0000000007";
    private readonly TestCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Return_SeveralNodes_DoesWhatItCanAndSaysWhatItCannot()
    {
        Put(Id, NodeState.InUse);
        Put("0000000008", NodeState.Ready);

        Assert.Equal(1, await _cli.RunAsync("return 8 7"));

        Assert.Equal(NodeState.Used, _cli.Store.Node(Id).State);
        Assert.Equal("node 0000000007 is given back; a launcher deletes it\n", _cli.Out);
        Assert.Equal("nodepool: node 0000000008 is ready: only nodes that are in use or held can be returned\n", _cli.Error);
    }

    [Fact]
    public async Task Hold_WithReasonAndExpiry_StoresBoth()
    {
        Put(Id, NodeState.Ready);

        Assert.Equal(0, await _cli.RunAsync("hold", "7", "--reason", "why it hangs", "--expires", "90"));

        Assert.Equal((NodeState.Hold, "why it hangs", 90), (_cli.Store.Node(Id).State, _cli.Store.Node(Id).Comment, _cli.Store.Node(Id).HoldExpiration));
        Assert.Equal("node 0000000007 is held for 90 s: nodepool return 0000000007\n", _cli.Out);
    }

    [Fact]
    public async Task Hold_AsJson_PrintsTheNode()
    {
        Put(Id, NodeState.Ready);

        Assert.Equal(0, await _cli.RunAsync("hold 7 -o json"));

        var node = Assert.Single(JsonNode.Parse(_cli.Out)!.AsArray())!;
        Assert.Equal((Id, "hold"), ((string)node["id"]!, (string)node["state"]!));
    }

    [Fact]
    public async Task Delete_Plain_OnlyMarks()
    {
        Put(Id, NodeState.Ready);

        Assert.Equal(0, await _cli.RunAsync("delete 7"));

        Assert.Equal(NodeState.Deleting, _cli.Store.Node(Id).State);
        Assert.Equal("node 0000000007 is being deleted\n", _cli.Out);
    }

    [Fact]
    public async Task Delete_NowWithoutALauncher_DeletesFromHere()
    {
        await PutServerAsync(Id);
        await PutServerAsync("0000000008");

        Assert.Equal(0, await _cli.RunAsync("delete 7 8 --now"));

        Assert.Equal("node 0000000007 is being deleted\nnode 0000000008 is being deleted\n", _cli.Out);
        Assert.Equal(
            [
                "node 0000000007 is gone", "node 0000000007: it is being deleted at provider cloud",
                "node 0000000008 is gone", "node 0000000008: it is being deleted at provider cloud",
            ],
            _cli.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.Empty(Cloud.Truth.Servers);
        Assert.Empty(_cli.Store.View().Nodes.ById);
    }

    [Fact]
    public async Task Delete_NowWithALauncher_WaitsUntilThatHasDoneIt()
    {
        Put(Id, NodeState.Ready);
        _cli.Store.Put("l0000000000", new ComponentRecord { Kind = "pool", Hostname = "l", Id = "l-1", Name = "main", ProviderName = "cloud" });

        var run = _cli.RunAsync("delete 7 --now");
        await Until(() => _cli.Error.Length > 0);
        Assert.False(run.IsCompleted);
        _cli.Store.Delete(NodepoolPaths.NodeLock(Id));
        _cli.Store.Delete(NodepoolPaths.Node(Id));

        Assert.Equal(0, await run);
        Assert.Equal("node 0000000007: the launcher on l deletes it\nnode 0000000007 is gone\n", _cli.Error);
        Assert.Equal(0, Cloud.Count(FakeOperation.Delete));
    }

    [Fact]
    public async Task Delete_NowAtAnUnknownProvider_MarksAndDoesTheOthers()
    {
        await PutServerAsync(Id);
        _cli.Store.Put("0000000008", new NodeRecord { State = NodeState.Ready, StateTime = 1, Provider = "gone", Pool = "main", Type = ["debian"] });

        Assert.Equal(1, await _cli.RunAsync("delete 7 8 --now"));

        Assert.Contains("nodepool: node 0000000008 stays marked: no provider 'gone' in /etc/nodepool/nodepool.yaml; it has cloud\n", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(["0000000008"], _cli.Store.View().Nodes.ById.Keys);
        Assert.Equal(NodeState.Deleting, _cli.Store.Node("0000000008").State);
        Assert.Empty(_cli.Store.Contenders("0000000008"));
    }

    [Fact]
    public async Task Delete_NowInterrupted_LeavesTheMarkAndNoLock()
    {
        await PutServerAsync(Id);
        Cloud.Behaviour.Decide = (operation, _) => operation == FakeOperation.Delete ? new FakeFate { Fault = ProviderFault.Unavailable } : null;

        var run = _cli.RunAsync("delete 7 --now");
        await Until(() => Cloud.Count(FakeOperation.Delete) > 0);
        _cli.Stop.Raise();

        Assert.Equal(130, await run);
        Assert.EndsWith("nodepool: interrupted; what is not gone stays marked, and a launcher or another nodepool delete --now deletes it\n", _cli.Error, StringComparison.Ordinal);
        Assert.Equal((NodeState.Deleting, 0), (_cli.Store.Node(Id).State, _cli.Store.Contenders(Id).Count));
    }

    [Fact]
    public async Task Delete_NowSessionEnds_SaysThatTheNodeStaysMarked()
    {
        Put(Id, NodeState.Ready);
        _cli.Store.Put("l0000000000", new ComponentRecord { Kind = "pool", Hostname = "l", Id = "l-1", Name = "main", ProviderName = "cloud" });

        var run = _cli.RunAsync("delete 7 --now");
        await Until(() => _cli.Error.Length > 0);
        _cli.Store.Tree.Expire(_cli.Session!.SessionId);

        Assert.Equal(1, await run);
        Assert.EndsWith("nodepool: the store's session ended; what is not gone stays marked, and a launcher or another nodepool delete --now deletes it\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_OfNoNode_IsAProblem()
    {
        Assert.Equal(1, await _cli.RunAsync("delete 7"));
        Assert.Equal("nodepool: node 0000000007 not found; nodepool list shows the nodes that exist\n", _cli.Error);
    }

    private FakeCloud Cloud => _cli.Driver.CloudOf("cloud", _cli.Store.Sources);

    /// <summary>What the command does next happens on other threads, in no time of the store's clock.</summary>
    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }

    private async Task PutServerAsync(string id)
    {
        var server = await Cloud.CreateAsync(new("np-" + id, new([]), Core.Quota.Of((Core.Quota.Instances, 1))), TestContext.Current.CancellationToken);
        Put(id, NodeState.Ready);
        _cli.Store.Put(id, _cli.Store.Node(id) with { ExternalId = Core.Model.Json.RawJson.FromText(server.Id) });
    }

    private void Put(string id, NodeState state) => _cli.Store.Put(id, new NodeRecord { State = state, StateTime = 1, Provider = "cloud", Pool = "main", Type = ["debian"] });
}
