using System.Text.Json.Nodes;
using Nodepool.Core.Model;

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
    public async Task Delete_Now_WaitsUntilTheRecordIsGoneAndNamesWhatIsMissing()
    {
        Put(Id, NodeState.Ready);

        var run = _cli.RunAsync("delete 7 --now");
        Assert.False(run.IsCompleted);
        _cli.Store.Delete(NodepoolPaths.NodeLock(Id));
        _cli.Store.Delete(NodepoolPaths.Node(Id));

        Assert.Equal(0, await run);
        Assert.Equal("no live launcher serves provider cloud: the node is deleted when one is started\nnode 0000000007 is gone\n", _cli.Error);
    }

    [Fact]
    public async Task Delete_OfNoNode_IsAProblem()
    {
        Assert.Equal(1, await _cli.RunAsync("delete 7"));
        Assert.Equal("nodepool: node 0000000007 not found; nodepool list shows the nodes that exist\n", _cli.Error);
    }

    private void Put(string id, NodeState state) => _cli.Store.Put(id, new NodeRecord { State = state, StateTime = 1, Provider = "cloud", Pool = "main", Type = ["debian"] });
}
