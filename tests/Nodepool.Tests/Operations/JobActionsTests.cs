using System.Text;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Tests.Cli;

namespace Nodepool.Tests.Operations;

public sealed class JobActionsTests
{
    private const string Id = "0000000007";
    private static readonly ClientIdentity Me = new("me", "here");

    private readonly TestStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private JobActions Jobs => new(_store.Engine);

    private NodeActions Nodes => new(_store.Engine, _store.Sources, Me);

    [Fact]
    public async Task Create_Twice_IsRefusedAndSaysHowToChangeIt()
    {
        var id = await Jobs.CreateAsync("unit", 2, Ct);

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await Jobs.CreateAsync("unit", 3, Ct));

        Assert.Equal("job unit is there already; to change it: nodepool job-delete 0000000000, then job-create again", refused.Message);
        Assert.Equal((id, 2), (_store.View().Jobs.Single().Key, _store.View().Jobs.Single().Value.Record!.HoldOnFailure));
    }

    [Fact]
    public async Task Delete_RemovesItOnce()
    {
        var id = await Jobs.CreateAsync("unit", 2, Ct);

        await Jobs.DeleteAsync(id, Ct);

        Assert.Empty(_store.View().Jobs);
        Assert.Equal(Refusal.NotFound, (await Assert.ThrowsAsync<OperationRefusedException>(async () => await Jobs.DeleteAsync(id, Ct))).Reason);
    }

    [Fact]
    public void Record_Stored_KeepsWhatIsNotKnown()
    {
        const string text = """{"name":"prüf","hold_on_failure":2,"until":1.50}""";

        Assert.Equal(text, Encoding.UTF8.GetString(JobRecord.Read(Encoding.UTF8.GetBytes(text)).Write().Span));
    }

    [Fact]
    public async Task Return_OfAFailedJob_HoldsAsManyNodesAsItWants()
    {
        await Jobs.CreateAsync("unit", 2, Ct);
        Put("1", "2", "3");

        await Nodes.ReturnAsync("1", new EndedJob("unit", HasFailed: true), Ct);
        await Nodes.ReturnAsync("2", new EndedJob("unit", HasFailed: true), Ct);
        await Nodes.ReturnAsync("3", new EndedJob("unit", HasFailed: true), Ct);

        Assert.Equal((NodeState.Hold, "unit", "job unit failed; node 1 of 2 that are held for it"), (_store.Node("1").State, _store.Node("1").HoldJob, _store.Node("1").Comment));
        Assert.Equal([NodeState.Hold, NodeState.Hold, NodeState.Used], States("1", "2", "3"));
        Assert.All(["1", "2", "3"], id => Assert.Empty(_store.Contenders(id)));
    }

    [Theory]
    [InlineData("unit", false)]
    [InlineData("uni", true)]
    [InlineData("unit2", true)]
    [InlineData("none", true)]
    public async Task Return_OfAnotherJobOrOfASuccess_GivesTheNodeBack(string job, bool hasFailed)
    {
        await Jobs.CreateAsync("unit", 1, Ct);
        await Jobs.CreateAsync("none", 0, Ct);
        Put(Id);

        Assert.Equal(NodeState.Used, (await Nodes.ReturnAsync(Id, new EndedJob(job, hasFailed), Ct)).State);
    }

    [Fact]
    public async Task Return_OfAHeldNodeWithItsJob_LeavesItHeld()
    {
        await Jobs.CreateAsync("unit", 1, Ct);
        Put(Id);
        await Nodes.ReturnAsync(Id, new EndedJob("unit", HasFailed: true), Ct);

        Assert.Equal(NodeState.Hold, (await Nodes.ReturnAsync(Id, new EndedJob("unit", HasFailed: true), Ct)).State);
        Assert.Equal(NodeState.Used, (await Nodes.ReturnAsync(Id, Ct)).State);
    }

    [Fact]
    public async Task Return_OfTwoAtOnce_HoldsOnlyOneMoreThanThereAre()
    {
        await Jobs.CreateAsync("unit", 1, Ct);
        Put("1", "2");
        var racing = new RacingEngine(_store.Engine, () => Nodes.ReturnAsync("2", new EndedJob("unit", HasFailed: true), Ct).AsTask().Wait(Ct));

        await new NodeActions(racing, _store.Sources, Me).ReturnAsync("1", new EndedJob("unit", HasFailed: true), Ct);

        Assert.Equal([NodeState.Used, NodeState.Hold], States("1", "2"));
    }

    private IEnumerable<NodeState> States(params string[] ids) => ids.Select(id => _store.Node(id).State);

    private void Put(params string[] ids) =>
        Array.ForEach(ids, id => _store.Put(id, new NodeRecord { State = NodeState.InUse, StateTime = 1, Provider = "cloud", Pool = "main", Type = ["debian"] }));
}
