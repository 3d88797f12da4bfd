using System.Text;
using CsCheck;
using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Testing.View;

namespace Nodepool.Tests.View;

public sealed class ClusterViewTests
{
    private static readonly PoolKey Main = new("p", "main");

    [Fact]
    public void OpenRequests_MixedPriorities_AreServedInOrder()
    {
        var view = new ViewFixture()
            .Request("300-0000000001", RequestState.Requested, "a")
            .Request("100-0000000009", RequestState.Pending, "a")
            .Request("200-0000000003", RequestState.Requested, request => request with { RelativePriority = 1 }, "a")
            .Request("200-0000000004", RequestState.Requested, "a")
            .Request("200-0000000002", RequestState.Fulfilled, "a").View;

        Assert.Equal(["100-0000000009", "200-0000000004", "200-0000000003", "300-0000000001"], view.OpenRequests.Select(request => request.Id));
    }

    [Fact]
    public void Node_Changes_AreFiledWhereTheyBelong()
    {
        var fixture = new ViewFixture().Node("1", NodeState.Ready).Node("2", NodeState.Building, request: "r").Node("3", NodeState.Hold).Lock("3");
        var before = fixture.View;
        var after = fixture.Node("1", NodeState.Used).View;

        Assert.Equal(["1"], before.Nodes.IdleOf(Main, "small"));
        Assert.Equal(["2"], before.Nodes.Of("r"));
        Assert.Equal(["2"], before.Nodes.ActiveIn(Main));
        Assert.Equal(["3"], before.Nodes.Held);
        Assert.True(before.Nodes.ById["3"].IsLocked);
        Assert.Equal(3, before.Nodes.UsageOf(Main).Amounts[Quota.Instances]);
        Assert.Empty(after.Nodes.IdleOf(Main, "small"));
        Assert.Equal(["1", "2"], after.Nodes.ActiveIn(Main));
    }

    [Fact]
    public void After_Deletion_LeavesNothing()
    {
        var view = new ViewFixture().Node("1", NodeState.Ready).Request("200-1", RequestState.Requested, "a").View;

        var gone = view.After(new ChangeBatch(99, false, [new(NodepoolPaths.Node("1"), null), new(NodepoolPaths.Request("200-1"), null)]));

        Assert.Empty(gone.Nodes.ById);
        Assert.Empty(gone.Nodes.Usage);
        Assert.Empty(gone.Nodes.Idle);
        Assert.Empty(gone.OpenRequests);
        Assert.Equal(99, gone.Position);
    }

    [Fact]
    public void After_ContenderFoldedAway_IsNotCounted()
    {
        var view = new ViewFixture().Node("1", NodeState.Ready).View;
        var path = NodepoolPaths.NodeLock("1") + "/00__lock__0000000000";

        Assert.False(view.After(new ChangeBatch(9, false, [new(path, null)])).Nodes.ById["1"].IsLocked);
    }

    [Fact]
    public void Record_NotUnderstood_IsKeptWithoutARecord()
    {
        var view = new ViewFixture().Put(NodepoolPaths.Node("1"), Encoding.UTF8.GetBytes("{\"state\":\"odd\"}")).Put(NodepoolPaths.Node("2"), default).View;

        Assert.Null(view.Nodes.ById["1"].Record);
        Assert.Equal(["1", "2"], view.Nodes.Unreadable.Select(node => node.Id));
    }

    [Fact]
    public void Image_Uploads_NewestReadyWins()
    {
        var view = new ViewFixture()
            .Build("i", "b1", ImageState.Ready, 10).Build("i", "b2", ImageState.Ready, 20).Build("i", "b3", ImageState.Failed, 30)
            .Upload("i", "b1", "p", "0", ImageState.Ready, 12).Upload("i", "b2", "p", "0", ImageState.Ready, 22).Upload("i", "b2", "q", "0", ImageState.Uploading, 25).View;

        Assert.Equal(["b2", "b1"], view.Image("i").ReadyBuilds.Select(build => build.Id));
        Assert.Equal("b2", view.Image("i").NewestReadyUpload("p")!.Build);
        Assert.Null(view.Image("i").NewestReadyUpload("q"));
    }

    /// <summary>Applying changes one by one gives the very same picture as reading everything anew.</summary>
    [Fact]
    public void After_AnyChanges_EqualsAFreshPicture()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 10], Gen.Int[0, 2]).List[1, 60].Sample(steps =>
        {
            var fixture = new ViewFixture();
            var view = new ClusterView();
            foreach (var (kind, id, state, request) in steps)
            {
                var path = Apply(fixture, kind, $"{id}", state, $"r{request}");
                view = view.After(new ChangeBatch(fixture.View.Position, false, [new(path, fixture.Find(path))]));
            }

            AssertSame(fixture.View, view);
        });
    }

    [Fact]
    public void Active_NodesThatAClientHas_AreNot()
    {
        var stored = new ViewFixture().Node("1", NodeState.InUse).Node("2", NodeState.InUse).Lock("2");

        Assert.Equal(["1"], stored.View.Nodes.ActiveIn(Main));
    }

    /// <summary>Changes one entry, or takes it away; tells which.</summary>
    private static string Apply(ViewFixture fixture, int kind, string id, int state, string request)
    {
        var (node, asked, contender) = (NodepoolPaths.Node(id), NodepoolPaths.Request(request), NodepoolPaths.NodeLock(id) + "/00__lock__0000000000");
        switch (kind)
        {
            case 0:
                fixture.Node(id, (NodeState)state, request: state % 3 == 0 ? null : request, change: record => record with { StateTime = ViewFixture.Now + request[1], HoldExpiration = request[1] - '0' });
                return node;
            case 1 when state < 3:
                fixture.Remove(node).Remove(contender);
                return node;
            case 1 when fixture.Find(node) is not null:
                _ = fixture.Find(contender) is null ? fixture.Lock(id) : fixture.Remove(contender);
                return contender;
            case 2:
                fixture.Request(request, state % 2 == 0 ? RequestState.Requested : RequestState.Fulfilled, record => record with { Requestor = state % 4 < 2 ? "NodePool:min-ready" : "zuul" }, "small");
                return asked;
            default:
                fixture.Remove(asked);
                return asked;
        }
    }

    private static void AssertSame(ClusterView expected, ClusterView actual)
    {
        Assert.Equal(expected.Nodes.ById.Keys.Order(), actual.Nodes.ById.Keys.Order());
        Assert.Equal(expected.Nodes.Held, actual.Nodes.Held);
        Assert.Equal(expected.Nodes.HeldByAge.GetValueOrDefault(Main, []), actual.Nodes.HeldByAge.GetValueOrDefault(Main, []));
        Assert.Equal(expected.Nodes.HeldByEnd.GetValueOrDefault(Main, []), actual.Nodes.HeldByEnd.GetValueOrDefault(Main, []));
        Assert.Equal(expected.Nodes.UsageOf(Main), actual.Nodes.UsageOf(Main));
        Assert.Equal(expected.Nodes.ActiveIn(Main), actual.Nodes.ActiveIn(Main));
        Assert.Equal(expected.Nodes.IdleOf(Main, "small"), actual.Nodes.IdleOf(Main, "small"));
        Assert.Equal(expected.Nodes.IdleByAge.GetValueOrDefault((Main, "small"), []), actual.Nodes.IdleByAge.GetValueOrDefault((Main, "small"), []));
        Assert.Equal(expected.OpenRequests.Select(request => request.Id), actual.OpenRequests.Select(request => request.Id));
        Assert.Equal(expected.RequestsOf("NodePool:min-ready").Select(request => request.Id), actual.RequestsOf("NodePool:min-ready").Select(request => request.Id));
        Assert.Equal(expected.Withdrawn, actual.Withdrawn);
        Assert.All(["r0", "r1", "r2"], request => Assert.Equal(expected.Nodes.Of(request), actual.Nodes.Of(request)));
    }
}
