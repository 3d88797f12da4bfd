using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Tests.Cli;

namespace Nodepool.Tests.Operations;

public sealed class NodeActionsTests
{
    private const string Id = "0000000007";
    private static readonly ClientIdentity Me = new("me", "here");

    private readonly TestStore _store = new();
    private readonly NodeActions _actions;

    public NodeActionsTests() => _actions = new NodeActions(_store.Engine, _store.Sources, Me);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Return_OfANodeTakenByACommandLine_MakesItUsedAndUnlocksItInOneCommit()
    {
        Put(NodeState.InUse);
        _store.Lock(NodepoolPaths.NodeLock(Id), "nodepool-cli other@elsewhere");
        var before = _store.Tree.Position;

        await _actions.ReturnAsync(Id, Ct);

        Assert.Equal(before + 1, _store.Tree.Position);
        Assert.Equal((NodeState.Used, TestStore.Now), (_store.Node(Id).State, _store.Node(Id).StateTime));
        Assert.Empty(_store.Contenders(Id));
    }

    [Theory]
    [InlineData(NodeState.InUse)]
    [InlineData(NodeState.Hold)]
    public async Task Return_OfAnUnlockedNode_MakesItUsedAndLeavesNoLock(NodeState state)
    {
        Put(state);

        await _actions.ReturnAsync(Id, Ct);

        Assert.Equal(NodeState.Used, _store.Node(Id).State);
        Assert.Empty(_store.Contenders(Id));
    }

    [Fact]
    public async Task Return_OfAUsedNode_ChangesNothing()
    {
        Put(NodeState.Used);
        var before = _store.Tree.Position;

        await _actions.ReturnAsync(Id, Ct);

        Assert.Equal(before, _store.Tree.Position);
    }

    [Theory]
    [InlineData(NodeState.Ready, "node 0000000007 is ready: only nodes that are in use or held can be returned")]
    [InlineData(NodeState.Building, "node 0000000007 is building: only nodes that are in use or held can be returned")]
    public async Task Return_OfANodeInAnotherState_IsRefused(NodeState state, string message)
    {
        Put(state);

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await _actions.ReturnAsync(Id, Ct));

        Assert.Equal((Refusal.WrongState, message), (refused.Reason, refused.Message));
        Assert.Empty(_store.Contenders(Id));
    }

    [Fact]
    public async Task Return_OfANodeThatZuulUses_IsRefusedAfterFiveSecondsAndNamesTheHolder()
    {
        Put(NodeState.InUse);
        _store.Lock(NodepoolPaths.NodeLock(Id), "zuul-executor-7");

        var task = Assert.ThrowsAsync<OperationRefusedException>(async () => await _actions.ReturnAsync(Id, Ct));
        _store.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(task.IsCompleted);
        _store.Time.Advance(TimeSpan.FromSeconds(0.2));
        var refused = await task;

        Assert.Equal((Refusal.Locked, "node 0000000007, which is in-use, is locked by 'zuul-executor-7'; try again later"), (refused.Reason, refused.Message));
        Assert.Equal(NodeState.InUse, _store.Node(Id).State);
        Assert.Single(_store.Contenders(Id));
    }

    [Theory]
    [InlineData("0000000008")]
    [InlineData("../requests/1")]
    [InlineData("")]
    public async Task Delete_OfNoNode_SaysSoAndMakesNoRecord(string id)
    {
        Put(NodeState.Ready);
        var before = _store.Tree.Position;

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await _actions.DeleteAsync(id, Ct));

        Assert.Equal((Refusal.NotFound, $"node {id} not found; nodepool list shows the nodes that exist"), (refused.Reason, refused.Message));
        Assert.Equal(before, _store.Tree.Position);
    }

    [Fact]
    public async Task Hold_OfAReadyNode_StoresReasonAndLimit()
    {
        Put(NodeState.Ready);

        await _actions.HoldAsync(Id, "look at the disk", TimeSpan.FromHours(2), Ct);

        var node = _store.Node(Id);
        Assert.Equal((NodeState.Hold, "look at the disk", 7200), (node.State, node.Comment, node.HoldExpiration));
        Assert.Empty(_store.Contenders(Id));
    }

    [Fact]
    public async Task Hold_OfAHeldNode_ChangesTheLimitAndKeepsTheReason()
    {
        Put(NodeState.Hold);
        _store.Put(Id, _store.Node(Id) with { Comment = "why", HoldExpiration = 5 });

        await _actions.HoldAsync(Id, null, null, Ct);

        Assert.Equal((NodeState.Hold, "why", null), (_store.Node(Id).State, _store.Node(Id).Comment, _store.Node(Id).HoldExpiration));
    }

    [Theory]
    [InlineData(RequestState.Fulfilled, true)]
    [InlineData(RequestState.Pending, false)]
    public async Task Hold_OfAnAssignedNode_IsRefusedOnlyOnceItIsPromised(RequestState state, bool isRefused)
    {
        Put(NodeState.Ready);
        _store.Put(Id, _store.Node(Id) with { AllocatedTo = "200-0000000001" });
        _store.Put("200-0000000001", new NodeRequestRecord { State = state, StateTime = 1, NodeTypes = ["a"] });

        var thrown = await Record.ExceptionAsync(async () => await _actions.HoldAsync(Id, null, null, Ct));

        Assert.Equal(isRefused, thrown is OperationRefusedException { Reason: Refusal.WrongState });
        Assert.Equal(isRefused ? NodeState.Ready : NodeState.Hold, _store.Node(Id).State);
        Assert.Empty(_store.Contenders(Id));
    }

    [Fact]
    public async Task Hold_RequestFulfilledMeanwhile_LosesTheRace()
    {
        Put(NodeState.Ready);
        _store.Put(Id, _store.Node(Id) with { AllocatedTo = "200-0000000001" });
        var request = new NodeRequestRecord { State = RequestState.Pending, StateTime = 1, NodeTypes = ["a"] };
        _store.Put("200-0000000001", request);
        var actions = new NodeActions(new RacingEngine(_store.Engine, () => _store.Put("200-0000000001", request.To(RequestState.Fulfilled, 2))), _store.Sources, Me);

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await actions.HoldAsync(Id, null, null, Ct));

        Assert.Contains("was just given to request 200-0000000001", refused.Message, StringComparison.Ordinal);
        Assert.Equal(NodeState.Ready, _store.Node(Id).State);
    }

    [Fact]
    public async Task Delete_SomebodyWroteMeanwhile_DecidesAnewOnWhatIsThere()
    {
        Put(NodeState.Ready);
        var engine = new RacingEngine(_store.Engine, () => _store.Put(Id, _store.Node(Id) with { Comment = "quicker" }));

        await new NodeActions(engine, _store.Sources, Me).DeleteAsync(Id, Ct);

        Assert.Equal((NodeState.Deleting, "quicker"), (_store.Node(Id).State, _store.Node(Id).Comment));
        Assert.Equal(2, engine.Commits);
        Assert.Empty(_store.Contenders(Id));
    }

    [Fact]
    public async Task Delete_TakenIntoUseMeanwhile_IsRefused()
    {
        Put(NodeState.Ready);
        var engine = new RacingEngine(_store.Engine, () => _store.Put(Id, _store.Node(Id).To(NodeState.InUse, 1)));

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await new NodeActions(engine, _store.Sources, Me).DeleteAsync(Id, Ct));

        Assert.Equal("node 0000000007 is in-use: give it back first: nodepool return 0000000007", refused.Message);
        Assert.Equal(NodeState.InUse, _store.Node(Id).State);
    }

    [Fact]
    public async Task Delete_ChangedEveryTime_GivesUp()
    {
        Put(NodeState.Ready);
        var engine = new RacingEngine(_store.Engine, [.. Enumerable.Repeat(() => _store.Put(Id, _store.Node(Id)), 5)]);

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await new NodeActions(engine, _store.Sources, Me).DeleteAsync(Id, Ct));

        Assert.Equal(Refusal.Busy, refused.Reason);
    }

    [Fact]
    public async Task Delete_NodeGoneBeforeItWasLocked_LeavesNoEmptyRecord()
    {
        Put(NodeState.Ready);
        var engine = new RacingEngine(_store.Engine) { BeforeLock = () => _store.Delete(NodepoolPaths.Node(Id)) };

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await new NodeActions(engine, _store.Sources, Me).DeleteAsync(Id, Ct));

        Assert.Equal(Refusal.NotFound, refused.Reason);
        Assert.Null(_store.Find(NodepoolPaths.Node(Id)));
    }

    [Fact]
    public async Task Delete_NodeEmptiedWhileItWasLocked_IsRefusedAndUnlocked()
    {
        Put(NodeState.Ready);
        var rival = _store.Lock(NodepoolPaths.NodeLock(Id), "launcher");
        var task = Assert.ThrowsAsync<OperationRefusedException>(async () => await _actions.DeleteAsync(Id, Ct));

        // What the launcher's last commit of a deletion does, with our contender still in the way: only the record's data can go.
        await _store.Engine.CommitAsync(
            [new Write.Set(NodepoolPaths.Node(Id), ReadOnlyMemory<byte>.Empty, Write.AnyVersion), new Write.Delete(rival, Write.AnyVersion)], Ct);
        var refused = await task;

        Assert.Equal(Refusal.NotFound, refused.Reason);
        Assert.Empty(_store.Contenders(Id));
    }

    [Theory]
    [InlineData(NodeState.Building, NodeState.Deleting)]
    [InlineData(NodeState.Hold, NodeState.Deleting)]
    [InlineData(NodeState.Failed, NodeState.Deleting)]
    [InlineData(NodeState.Deleting, NodeState.Deleting)]
    [InlineData(NodeState.Deleted, NodeState.Deleted)]
    public async Task Delete_OfANodeInAnyOtherState_LetsTheLauncherDeleteIt(NodeState from, NodeState to)
    {
        Put(from);

        Assert.Equal(to, (await _actions.DeleteAsync(Id, Ct)).State);
        Assert.Equal(to, _store.Node(Id).State);
    }

    [Fact]
    public async Task Delete_OfARecordThatNobodyUnderstands_LeavesItAlone()
    {
        _store.Put(NodepoolPaths.Node(Id), """{"state":"dancing"}"""u8.ToArray());

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await _actions.DeleteAsync(Id, Ct));

        Assert.Equal(Refusal.WrongState, refused.Reason);
        Assert.StartsWith("the record of node 0000000007 cannot be understood and is left alone: 'dancing' is no node state", refused.Message, StringComparison.Ordinal);
    }

    private void Put(NodeState state) => _store.Put(Id, new NodeRecord { State = state, StateTime = 1, Provider = "p", ExternalId = RawJson.FromText("x") });
}
