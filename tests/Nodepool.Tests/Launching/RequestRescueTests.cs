using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Tests.Launching;

/// <summary>Requests that something happens to while they are served or wait for room.</summary>
public sealed class RequestRescueTests
{
    private const string Request = "200-0000000001";

    private readonly ReloadBed _bed = new(OnePool.Config(mostServers: 2));

    /// <summary>Other hands may mark nodes that are already meant for somebody; their request must not stay pending without any.</summary>
    [Fact]
    public void AllNodesDeletedByOthers_TheRequestIsServedAnew()
    {
        _bed.Cloud.Behaviour.CreateLatency = TimeSpan.FromSeconds(60);
        _bed.StartLauncher();
        _bed.Until(() => _bed.Pool("main") is not null, "the pool runs");
        _bed.Request(Request, "red");
        _bed.Until(() => _bed.Node("red") is not null && _bed.Stored(Request)?.State == RequestState.Pending, "a node is made for it");
        var first = _bed.Node("red")!.Id;

        _bed.Do(() => DeleteAsync(first));

        _bed.Until(() => !_bed.Feed.Current.Nodes.ById.ContainsKey(first), "the node is gone");
        _bed.Until(() => _bed.Stored(Request)?.State == RequestState.Fulfilled, "it is served all the same");
        Assert.NotEqual(first, _bed.Stored(Request)!.Nodes[0]);
    }

    [Fact]
    public void AnswerOfACommitIsLost_TheStoreIsAskedBeforeAnythingElseIsDecided()
    {
        _bed.StartLauncher();
        _bed.Until(() => _bed.Pool("main") is not null, "the pool runs");
        var after = new List<IReadOnlyList<Write>>();
        var isLost = false;
        _bed.Engine.Applied = writes =>
        {
            if (isLost)
            {
                after.Add(writes);
            }
            else if (writes.Any(write => write is Write.Create { Path: NodepoolPaths.NewNode }))
            {
                isLost = true;
                throw new StateException(StateFault.OutcomeUnknown, NodepoolPaths.NewNode, "the connection went away");
            }
        };
        _bed.Request(Request, "red");

        _bed.Until(() => _bed.Stored(Request)?.State == RequestState.Fulfilled, "it is served");

        Assert.IsType<Write.Check>(Assert.Single(after.First(writes => writes[0] is Write.Check { Path: var path } && path.Contains("/pools/", StringComparison.Ordinal))));
        Assert.Single(_bed.Feed.Current.Nodes.ById);
    }

    [Fact]
    public void OthersGiveRoomBackAtTheCloud_IsNoticedWhileSomebodyWaitsForIt()
    {
        _bed.Cloud.Behaviour.Limits = Quota.Of((Quota.Instances, 1));
        _bed.StartLauncher();
        _bed.Until(() => _bed.Pool("main") is not null, "the pool runs");
        _bed.Request(Request, "red");
        _bed.Until(() => _bed.Stored(Request)?.State == RequestState.Fulfilled, "one is served");
        _bed.Request("200-0000000002", "red");
        _bed.Until(() => _bed.Pool("main")!.Paused, "there is no room for another");

        _bed.Cloud.Behaviour.Limits = Quota.Of((Quota.Instances, 2));
        _bed.Pass(TimeSpan.FromSeconds(40));

        Assert.Equal(RequestState.Fulfilled, _bed.Stored("200-0000000002")?.State);
    }

    private async Task DeleteAsync(string id)
    {
        var entry = (await _bed.Engine.GetAsync(NodepoolPaths.Node(id), CancellationToken.None))!;
        await _bed.Engine.CommitAsync([new Write.Set(entry.Path, NodeRecord.Read(entry.Data.Span)!.To(NodeState.Deleting, 0).Write(), entry.Version)], CancellationToken.None);
    }
}
