using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

public sealed class TenantLimitTests
{
    private readonly ViewFixture _stored = new ViewFixture().Pool("me", "p", "main", ["small", "large"]);

    [Fact]
    public void Request_TenantAtItsLimit_WaitsAndHoldsUpNobodyElse()
    {
        Ask("200-1", "a").Node("1", NodeState.InUse, change: Of("a", "q")).Lock("1").Node("2", NodeState.Deleting, change: Of("a", "q"));
        Ask("200-2", "b");

        var plan = Plan(limit: 2);

        Assert.Equal("200-2", Assert.IsType<PoolAction.Assign>(Assert.Single(plan.Requests)).Request.Id);
        Assert.False(plan.IsPaused);
    }

    [Fact]
    public void Request_TenantAtItsLimit_HoldsUpSmallerOnesOfTheSameTenantInTheEnd()
    {
        Ask("200-1", "a", "small", "small").Node("1", NodeState.InUse, change: Of("a")).Lock("1");
        Ask("200-2", "a");

        Assert.Equal("200-2", Assert.IsType<PoolAction.Assign>(Assert.Single(Plan(limit: 2).Requests)).Request.Id);
        Assert.Empty(Plan(limit: 2, now: ViewFixture.Now + FairOrder.Patience.TotalSeconds).Requests);
    }

    /// <summary>The first is another pool's business, but the room that it waits for is not.</summary>
    [Fact]
    public void Request_OfAnotherPool_KeepsItsTenantsRoomWhenItHasWaitedLong()
    {
        _stored.Pool("other", "q", "main", ["exotic"]);
        Ask("200-1", "a", "exotic", "exotic").Node("1", NodeState.InUse, change: Of("a")).Lock("1");
        Ask("200-2", "a");
        Ask("200-3", "b");

        var late = ViewFixture.Now + FairOrder.Patience.TotalSeconds;
        Assert.Equal("200-3", Assert.IsType<PoolAction.Assign>(Assert.Single(Plan(limit: 2, late).Requests)).Request.Id);
        Assert.Equal(2, Plan(limit: 2).Requests.Count);
        Assert.Equal(2, Plan(limit: 4, late).Requests.Count);
        Assert.Single(Plan(limit: 3, late).Requests);
    }

    [Fact]
    public void Requests_OfOneTenant_AreCountedTogetherWithinAPass()
    {
        Ask("200-1", "a");
        Ask("200-2", "a");
        Ask("200-3", "a");

        var charged = Plan(limit: 2).Requests.Cast<PoolAction.Assign>().ToArray();

        Assert.Equal(["200-1", "200-2"], charged.Select(action => action.Request.Id));
        Assert.All(charged, action => Assert.Equal("a", action.Charged));
    }

    [Fact]
    public void IdleNode_IsChargedWhenItIsTaken_AndToNobodyBefore()
    {
        Ask("200-1", "a").Node("1", NodeState.Ready, change: Of("a"));

        Assert.Equal(["1"], Assert.IsType<PoolAction.Assign>(Assert.Single(Plan(limit: 1).Requests)).Reused.Select(node => node.Id));

        _stored.Node("2", NodeState.InUse, change: Of("a")).Lock("2");
        Assert.Empty(Plan(limit: 1).Requests);
    }

    [Fact]
    public void Request_LargerThanTheLimit_Fails()
    {
        Ask("200-1", "a", "small", "small");

        var decline = Assert.IsType<PoolAction.Decline>(Assert.Single(Plan(limit: 1).Requests));

        Assert.True(decline.IsFinal);
        Assert.Equal("needs 2 instances, and tenant a may have 1", decline.Reason);
    }

    [Fact]
    public void Request_OfNoLimitedTenant_IsNotCharged()
    {
        Ask("200-1", "b");
        Ask("200-2", null);

        Assert.All(Plan(limit: 0).Requests.Cast<PoolAction.Assign>(), action => Assert.Null(action.Charged));
    }

    /// <summary>The entry tells of a charge at position 1000; its nodes may be among what the view has not got yet.</summary>
    [Fact]
    public void View_BehindACharge_DecidesNothingAboutTheTenant()
    {
        Ask("200-1", "a");
        Ask("200-2", "b");
        var ledger = NodepoolPaths.TenantLedger("a");
        var view = _stored.View;
        view = view.After(new ChangeBatch(view.Position, false, [new Change(ledger, new Entry(ledger, default, 3, 1, 1000, 0, 0, 0))]));

        var plan = PoolPlanner.Plan(view, Model(5), ViewFixture.Now);

        Assert.True(plan.IsUnsettled);
        Assert.Equal("200-2", Assert.IsType<PoolAction.Assign>(Assert.Single(plan.Requests)).Request.Id);

        var caughtUp = PoolPlanner.Plan(view.After(new ChangeBatch(1000, false, [])), Model(5), ViewFixture.Now);
        Assert.False(caughtUp.IsUnsettled);
        Assert.Equal(2, caughtUp.Requests.Count);
    }

    /// <summary>Both hold one node and need another, and the tenant may have no more: the later one lets go.</summary>
    [Fact]
    public void Pending_TwoOfOneTenantThatWaitForEachOther_TheLaterBeginsAnew()
    {
        Ask("200-1", "a", RequestState.Pending, "small", "small").Node("1", NodeState.Ready, request: "200-1", change: Of("a"));
        Ask("200-2", "a", RequestState.Pending, "small", "small").Node("2", NodeState.Ready, request: "200-2", change: Of("a"));

        var regroup = Assert.IsType<PoolAction.Regroup>(Assert.Single(Plan(limit: 2).Requests));

        Assert.Equal("200-2", regroup.Request.Id);
        Assert.Equal(0, regroup.Remaining);
    }

    [Theory]
    [InlineData("zuul")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("=%2F ü")]
    public void LedgerEntry_OfAnyName_IsFoundInTheView(string tenant)
    {
        var path = NodepoolPaths.TenantLedger(tenant);
        var view = _stored.Put(path, new TenantLedgerRecord { Request = "200-1", Pool = "p/main", Time = 5 }.Write()).View;

        Assert.Equal(NodepoolPaths.TenantLedgers, path[..path.LastIndexOf('/')]);
        Assert.Equal(tenant, Assert.Single(view.Ledger.Values).Tenant);
    }

    [Fact]
    public void Node_WithoutItsRequest_CountsForItsTenantOnlyWhileItIsGoingAway()
    {
        _stored.Node("1", NodeState.Failed, change: Of("a"));
        var node = _stored.View.Nodes.ById["1"].Record!;

        Assert.Equal("a", node.Freed().TenantName);
        Assert.Null((node with { State = NodeState.Building }).Freed().TenantName);
        Assert.Null((node with { State = NodeState.Ready }).Freed().TenantName);
    }

    private static Func<NodeRecord, NodeRecord> Of(string tenant, string provider = "p") => node => node with { TenantName = tenant, Provider = provider };

    private ViewFixture Ask(string id, string? tenant, params string[] labels) => Ask(id, tenant, RequestState.Requested, labels);

    private ViewFixture Ask(string id, string? tenant, RequestState state, params string[] labels) =>
        _stored.Request(id, state, request => request with { TenantName = tenant }, labels.Length == 0 ? ["small"] : labels);

    private PoolPlan Plan(int limit, double now = ViewFixture.Now) => PoolPlanner.Plan(_stored.View, Model(limit), now);

    private static PoolModel Model(int limit)
    {
        var pool = new PoolConfig { Name = "main", Labels = [new PoolLabelConfig { Name = "small" }, new PoolLabelConfig { Name = "large" }] };
        return new PoolModel
        {
            Key = new PoolKey("p", "main"),
            ComponentId = "me",
            Provider = new ProviderConfig { Name = "p", Driver = "fake", Pools = [pool] },
            Config = pool,
            Costs = new ValueMap<Quota>(pool.Labels.Select(label => KeyValuePair.Create(label.Name, Quota.Of((Quota.Instances, 1))))),
            Tenants = new ValueMap<TenantLimit>([new("a", new TenantLimit("a", Quota.Of((Quota.Instances, limit))))]),
        };
    }
}
