using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.Launching.Duties;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Launching.Standing;
using Nodepool.Core.Model;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

/// <summary>What planners do about a provider that shall become empty.</summary>
public sealed class DrainTests
{
    private static readonly NodepoolConfig Config = new()
    {
        Labels = [new LabelConfig { Name = "small", MinReady = 2 }],
        Providers = [new ProviderConfig { Name = "p", Driver = "fake", Pools = [new PoolConfig { Name = "main", Labels = [new PoolLabelConfig { Name = "small" }] }] }],
    };

    private readonly ViewFixture _stored = new ViewFixture().Pool("me", "p", "main", ["small"]);

    public DrainTests() => _stored.Put(NodepoolPaths.Drain("p"), new DrainRecord { Since = 1, By = "root@h", Reason = "moves" }.Write());

    [Fact]
    public void Request_WaitsAndIsNotDeclined_AndSaysWhy()
    {
        _stored.Request("200-1", RequestState.Requested, "small").Node("1", NodeState.Ready);

        Assert.Equal("1", Assert.IsType<PoolAction.Retire>(Assert.Single(Plan().Requests)).Node.Id);
        Assert.True(Plan().IsPaused);
        var verdict = PoolPlanner.Explain(_stored.View, Model(), "200-1", ViewFixture.Now)!;
        Assert.Equal(VerdictCode.Draining, verdict.Code);
        Assert.Equal("provider p is being drained by root@h: moves", verdict.Text(Model().Key));
        Assert.Equal("nodepool drain p --undo", verdict.Remedy(Model().Key));
    }

    [Fact]
    public void Request_ThatWantsThisProvider_IsServedByAnother()
    {
        _stored.Pool("other", "q", "main", ["small"]).Request("200-1", RequestState.Requested, request => request with { Provider = "p" }, "small");

        Assert.IsType<PoolAction.Assign>(Assert.Single(PoolPlanner.Plan(_stored.View, Model() with { Key = new("q", "main"), ComponentId = "other" }, ViewFixture.Now).Requests));
    }

    [Fact]
    public void Request_OfWhichAPoolOfHigherRankIsDrained_IsServedByAnother()
    {
        _stored.Pool("me", "p", "main", ["small"], priority: 1).Pool("other", "q", "main", ["small"]).Request("200-1", RequestState.Requested, "small");

        Assert.IsType<PoolAction.Assign>(Assert.Single(PoolPlanner.Plan(_stored.View, Model() with { Key = new("q", "main"), ComponentId = "other" }, ViewFixture.Now).Requests));
    }

    [Fact]
    public void Launch_UnderWay_GoesOnAndServes()
    {
        _stored.Request("200-1", RequestState.Pending, "small").Node("1", NodeState.Building, request: "200-1");
        Assert.Empty(Plan().Requests);
        Assert.Equal(["1"], Plan().Launch);

        _stored.Node("1", NodeState.Ready, request: "200-1");
        Assert.IsType<PoolAction.Fulfil>(Assert.Single(Plan().Requests));
    }

    [Fact]
    public void Request_ThatLacksANodeHere_GivesBackWhatItHasAndWaitsForOthers()
    {
        _stored.Request("200-1", RequestState.Pending, "small", "small").Node("1", NodeState.Ready, request: "200-1");

        var regroup = Assert.IsType<PoolAction.Regroup>(Assert.Single(Plan().Requests));

        Assert.Equal(0, regroup.Remaining);
        Assert.Equal(["1"], regroup.Aborted.Select(node => node.Id));
    }

    [Fact]
    public void MinReady_IsNotAskedForAndWhatWasIsWithdrawn()
    {
        _stored.Request("900-1", RequestState.Requested, request => request with { Requestor = MinReadyPlanner.Requestor, RequestorData = MinReadyPlanner.RequestorData }, "small");

        var plan = MinReadyPlanner.Plan(_stored.View, Config, _ => false, ViewFixture.Now);

        Assert.Empty(plan.Create);
        Assert.Equal(["900-1"], plan.Finish.Select(request => request.Id));
    }

    [Fact]
    public void Hosts_HaveNoReadyNodes()
    {
        var machine = new MachineConfig { Name = "h", Labels = ["small"] };
        var provider = Config.Providers[0] with { Pools = [Config.Providers[0].Pools[0] with { Machines = [machine] }] };
        _stored.Node("1", NodeState.Ready, change: node => node with { Hostname = "h", Slot = 0, Username = machine.Username, ConnectionType = machine.ConnectionType });

        var plan = StandingPlanner.Plan(_stored.View, provider);

        Assert.Empty(plan.Vacant);
        Assert.Equal(["1"], plan.Retire.Select(node => node.Id));
    }

    [Fact]
    public void Mark_ThatCannotBeUnderstood_StillCounts()
    {
        _stored.Put(NodepoolPaths.Drain("a/b.."), "?"u8.ToArray(), createdMs: 5000);

        Assert.Equal((true, 5), (_stored.View.IsDrained("a/b.."), _stored.View.Drains["a/b.."].Since));
    }

    private PoolPlan Plan() => PoolPlanner.Plan(_stored.View, Model(), ViewFixture.Now);

    private static PoolModel Model() => new()
    {
        Key = new("p", "main"),
        ComponentId = "me",
        Provider = Config.Providers[0],
        Config = Config.Providers[0].Pools[0],
        Costs = new ValueMap<Quota>([new("small", Quota.Of((Quota.Instances, 1)))]),
    };
}
