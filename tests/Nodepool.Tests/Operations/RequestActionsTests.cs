using System.Text;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Tests.Cli;

namespace Nodepool.Tests.Operations;

public sealed class RequestActionsTests
{
    private const string Id = "200-0000000001";
    private readonly TestStore _store = new();
    private readonly RequestActions _actions;

    public RequestActionsTests() => _actions = new RequestActions(_store.Engine, _store.Sources, new ClientIdentity("me", "here"));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_ARequest_StoresEveryKeyThatReadersNeed()
    {
        var id = await _actions.SubmitAsync(new NewNodeRequest { Labels = ["b", "a", "b"], Requestor = "me" }, endsWithSession: false, Ct);

        Assert.Equal("200-0000000000", id);
        Assert.Equal(
            """
            {"state":"requested","state_time":1000,"declined_by":[],"node_types":["b","a","b"],"nodes":[],"reuse":true,"requestor":"me","requestor_data":null,
            "provider":null,"relative_priority":0,"event_id":"00000000000000000000000000000001","created_time":1000,"tenant_name":null}
            """.Replace("\n", "", StringComparison.Ordinal),
            Encoding.UTF8.GetString(_store.Find(NodepoolPaths.Request(id))!.Data.Span));
    }

    [Fact]
    public async Task Submit_ThatEndsWithTheSession_IsWithdrawnByTheDeathOfTheProcess()
    {
        var session = _store.Tree.Open(_store.Sources);
        var request = new NewNodeRequest { Labels = ["a"], Requestor = "me", Priority = 7, Reuse = false };
        var id = await new RequestActions(session, _store.Sources, new ClientIdentity("me", "here")).SubmitAsync(request, endsWithSession: true, Ct);
        Assert.Equal("007-0000000000", id);
        Assert.False(_store.Request(id).Reuse);

        _store.Tree.Expire(session.SessionId);

        Assert.Null(_store.Find(NodepoolPaths.Request(id)));
    }

    [Fact]
    public async Task Withdraw_Twice_SaysThatItWasGone()
    {
        var id = await _actions.SubmitAsync(new NewNodeRequest { Labels = ["a"], Requestor = "me" }, endsWithSession: false, Ct);

        Assert.True(await _actions.WithdrawAsync(id, Ct));
        Assert.False(await _actions.WithdrawAsync(id, Ct));
    }

    [Fact]
    public async Task Take_OfAFulfilledRequest_LocksAndUsesAllNodesAndDeletesTheRequestInOneCommit()
    {
        PutFulfilled("0000000005", "0000000003");
        var before = _store.Tree.Position;

        var taken = await _actions.TakeAsync(Id, Ct);

        Assert.Equal(before + 1, _store.Tree.Position);
        Assert.Equal([("0000000005", "label0"), ("0000000003", "label1")], taken.Select(node => (node.Id, node.Label)));
        Assert.Null(_store.Find(NodepoolPaths.Request(Id)));
        Assert.All(taken, node =>
        {
            var record = _store.Node(node.Id);
            Assert.Equal((NodeState.InUse, TestStore.Now, Id), (record.State, record.StateTime, record.AllocatedTo));
            Assert.Equal("""{"client":"nodepool-cli","user":"me@here"}""", record.UserData.ToString());
            var contender = _store.Find($"{NodepoolPaths.NodeLock(node.Id)}/{Assert.Single(_store.Contenders(node.Id))}")!;
            Assert.Matches("/[0-9a-f]{32}__lock__[0-9]{10}$", contender.Path);
            Assert.Equal("nodepool-cli me@here", Encoding.UTF8.GetString(contender.Data.Span));
            Assert.False(contender.IsEphemeral);
        });
    }

    [Fact]
    public async Task Take_RequestRevisedMeanwhile_StillTakesThemOnce()
    {
        PutFulfilled("0000000005");
        var engine = new RacingEngine(_store.Engine, () => _store.Put(Id, _store.Request(Id) with { RelativePriority = 3 }));

        await new RequestActions(engine, _store.Sources, new ClientIdentity("me", "here")).TakeAsync(Id, Ct);

        Assert.Single(_store.Contenders("0000000005"));
        Assert.Null(_store.Find(NodepoolPaths.Request(Id)));
    }

    [Fact]
    public async Task Take_NodeChangedMeanwhile_ChangesNothingAndNamesTheNode()
    {
        PutFulfilled("0000000005", "0000000003");
        var engine = new RacingEngine(_store.Engine, () => _store.Put("0000000003", _store.Node("0000000003").To(NodeState.Deleting, 5)));

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(
            async () => await new RequestActions(engine, _store.Sources, new ClientIdentity("me", "here")).TakeAsync(Id, Ct));

        Assert.Equal("node 0000000003 of request 200-0000000001 is deleting; withdraw the request and ask again", refused.Message);
        Assert.Equal(NodeState.Ready, _store.Node("0000000005").State);
        Assert.Empty(_store.Contenders("0000000005"));
        Assert.Equal(RequestState.Fulfilled, _store.Request(Id).State);
    }

    [Fact]
    public async Task Take_NodeOfAnotherRequest_IsRefused()
    {
        PutFulfilled("0000000005");
        _store.Put("0000000005", _store.Node("0000000005") with { AllocatedTo = "200-0000000009" });

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await _actions.TakeAsync(Id, Ct));

        Assert.Equal(Refusal.WrongState, refused.Reason);
    }

    [Fact]
    public async Task Take_LockedNode_IsRefusedAndNamesTheHolder()
    {
        PutFulfilled("0000000005");
        _store.Lock(NodepoolPaths.NodeLock("0000000005"), "");

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await _actions.TakeAsync(Id, Ct));

        Assert.Equal(Refusal.Locked, refused.Reason);
        Assert.Matches("locked by a client that gave no name \\([0-9a-f]{32}__lock__0000000000\\)$", refused.Message);
    }

    [Theory]
    [InlineData(RequestState.Requested, "request 200-0000000001 is requested: there are no nodes to take yet")]
    [InlineData(RequestState.Failed, "request 200-0000000001 is failed: there are no nodes to take yet")]
    public async Task Take_OfARequestThatIsNotFulfilled_IsRefused(RequestState state, string message)
    {
        _store.Put(Id, new NodeRequestRecord { State = state, StateTime = 1, NodeTypes = ["a"] });

        Assert.Equal(message, (await Assert.ThrowsAsync<OperationRefusedException>(async () => await _actions.TakeAsync(Id, Ct))).Message);
    }

    [Fact]
    public async Task Take_OfNoRequest_SaysSo() =>
        Assert.Equal(Refusal.NotFound, (await Assert.ThrowsAsync<OperationRefusedException>(async () => await _actions.TakeAsync(Id, Ct))).Reason);

    private void PutFulfilled(params string[] nodes)
    {
        _store.Put(Id, new NodeRequestRecord
        {
            State = RequestState.Fulfilled,
            StateTime = 1,
            NodeTypes = [.. nodes.Select((_, index) => $"label{index}")],
            Nodes = [.. nodes],
        });
        foreach (var node in nodes)
        {
            _store.Put(node, new NodeRecord { State = NodeState.Ready, StateTime = 1, AllocatedTo = Id });
        }
    }
}
