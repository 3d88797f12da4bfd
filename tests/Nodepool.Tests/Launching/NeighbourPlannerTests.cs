using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Duties;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

/// <summary>What planners do about things of other launchers in the same tree: Python's with other providers, and ours with another configuration.</summary>
public sealed class NeighbourPlannerTests
{
    private static readonly NodepoolConfig Config = new()
    {
        Labels = [new LabelConfig { Name = "small", MinReady = 2 }],
        Providers = [new ProviderConfig { Name = "p", Driver = "fake", Pools = [new PoolConfig { Name = "main", Labels = [new PoolLabelConfig { Name = "small" }] }] }],
    };

    private readonly ViewFixture _stored = new ViewFixture().Pool("me", "p", "main", ["small"]);

    [Fact]
    public void Pending_WithReadyNodesThatAPeerLeftWithIt_GoesOnWithOurs()
    {
        _stored.Request("200-1", RequestState.Pending, "small").Node("1", NodeState.Ready, request: "200-1", change: Theirs).Node("2", NodeState.Ready, request: "200-1");

        var fulfil = Assert.IsType<PoolAction.Fulfil>(Assert.Single(Plan()));

        Assert.Equal(["2"], fulfil.Nodes.Select(node => node.Id));
    }

    [Fact]
    public void Pending_OfAPeer_IsLeftAlone()
    {
        _stored.Request("200-1", RequestState.Pending, "small").Node("1", NodeState.Ready, request: "200-1", change: Theirs);

        Assert.Empty(Plan());
    }

    [Fact]
    public void Request_LockedBySomebody_IsLeftAloneAndHoldsUpNobody()
    {
        _stored.Request("200-1", RequestState.Requested, "small").LockRequest("200-1").Request("200-2", RequestState.Requested, "small");

        Assert.Equal("200-2", Assert.IsType<PoolAction.Assign>(Assert.Single(Plan())).Request.Id);
    }

    [Fact]
    public void Request_ThatOnlyThePeerCanServe_IsNotDeclined()
    {
        _stored.Pool("peer", "their-cloud", "main", ["python"]).Request("200-1", RequestState.Requested, "python");
        Assert.Empty(Plan());

        _stored.Request("200-1", RequestState.Requested, request => request with { DeclinedBy = ["peer"] }, "python");
        Assert.True(Assert.IsType<PoolAction.Decline>(Assert.Single(Plan())).IsFinal);
    }

    [Fact]
    public void MinReadyRequests_OfAPeer_CountAndAreLeftToIt()
    {
        _stored.Request("900-1", RequestState.Requested, ByPython, "small").Request("900-2", RequestState.Fulfilled, ByPython, "small")
            .Request("900-3", RequestState.Requested, ByPython, "python").Request("900-4", RequestState.Failed, request => ByPython(request) with { RequestorData = RawJson.Null }, "small");

        var plan = MinReadyPlanner.Plan(_stored.View, Config, _ => false, ViewFixture.Now);

        Assert.Empty(plan.Create);
        Assert.Empty(plan.Finish);
    }

    /// <summary>Python rewrites what it serves, with blanks in objects.</summary>
    [Fact]
    public void MinReadyRequest_OfOursServedByAPeer_IsFinished()
    {
        _stored.Request("900-1", RequestState.Fulfilled, request => ByPython(request) with { RequestorData = RawJson.FromUtf8("{\"duty\": \"min-ready\"}"u8) }, "small");

        Assert.Equal("900-1", Assert.Single(MinReadyPlanner.Plan(_stored.View, Config, _ => false, ViewFixture.Now).Finish).Id);
    }

    /// <summary>One launcher has the duty for all: what another's configuration wants ready is told by its pools.</summary>
    [Fact]
    public void MinReady_OfALauncherWithOtherLabels_IsKeptToo()
    {
        _stored.Put(
            NodepoolPaths.NewComponent("pool", "other") + "0",
            new ComponentRecord
            {
                Kind = "pool",
                Hostname = "other",
                Id = "other",
                Name = "main",
                ProviderName = "q",
                SupportedLabels = ["large", "small"],
                MinReady = new ValueMap<long>([new("large", 1), new("small", 3)]),
            }.Write());
        Assert.Equal(["large", "small", "small", "small"], MinReadyPlanner.Plan(_stored.View, Config, _ => false, ViewFixture.Now).Create.Select(wish => wish.Label));

        _stored.Request("900-1", RequestState.Requested, request => request with { Requestor = MinReadyPlanner.Requestor, RequestorData = MinReadyPlanner.RequestorData }, "large")
            .Request("900-2", RequestState.Requested, request => request with { Requestor = MinReadyPlanner.Requestor, RequestorData = MinReadyPlanner.RequestorData }, "nobody's");
        Assert.Equal(["900-2"], MinReadyPlanner.Plan(_stored.View, Config, _ => false, ViewFixture.Now).Finish.Select(request => request.Id));
    }

    [Fact]
    public void Pending_OfALauncherThatDied_IsLostWhenSomebodyElseCanServeIt()
    {
        _stored.Request("200-1", RequestState.Pending, "small").Node("1", NodeState.Building, request: "200-1", change: Theirs)
            .Request("200-2", RequestState.Pending, "python").Node("2", NodeState.Building, request: "200-2", change: Theirs);
        Assert.Equal(["200-1"], Lost());

        _stored.Pool("peer", "their-cloud", "main", ["small", "python"]);
        Assert.Empty(Lost());
    }

    [Fact]
    public void Pending_OfAPoolThatTheConfigurationNoLongerHas_IsLost()
    {
        _stored.Request("200-1", RequestState.Pending, "large").Node("1", NodeState.Building, "large", "200-1", node => node with { Pool = "gone" })
            .Request("200-2", RequestState.Pending, "large").Node("2", NodeState.Building, "large", "200-2", node => node with { Pool = "gone" }).LockRequest("200-2");

        Assert.Equal(["200-1"], Lost());
    }

    private static NodeRecord Theirs(NodeRecord node) => node with { Provider = "their-cloud", Launch = null };

    private static NodeRequestRecord ByPython(NodeRequestRecord request) => request with { Requestor = MinReadyPlanner.Requestor, RequestorData = RawJson.FromUtf8("{}"u8) };

    private IEnumerable<string> Lost() => HousekeepingPlanner.Plan(_stored.View, Config, ViewFixture.Now).Lost.Select(request => request.Id);

    private ValueList<PoolAction> Plan() => PoolPlanner.Plan(_stored.View, new PoolModel
    {
        Key = new("p", "main"),
        ComponentId = "me",
        Provider = Config.Providers[0],
        Config = Config.Providers[0].Pools[0],
        Costs = new ValueMap<Quota>([KeyValuePair.Create("small", Quota.Of((Quota.Instances, 1)))]),
    }, ViewFixture.Now).Requests;
}
