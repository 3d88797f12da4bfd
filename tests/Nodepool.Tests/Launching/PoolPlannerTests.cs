using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

public sealed class PoolPlannerTests
{
    private readonly ViewFixture _stored = new ViewFixture().Pool("me", "p", "main", ["small", "large"]);

    [Fact]
    public void Request_IdleNode_IsAssignedAtOnce()
    {
        _stored.Node("1", NodeState.Ready).Request("200-1", RequestState.Requested, "small");

        var assign = Assert.IsType<PoolAction.Assign>(Assert.Single(Plan().Requests));

        Assert.Equal(["1"], assign.Reused.Select(node => node.Id));
        Assert.Empty(assign.Launches);
    }

    [Fact]
    public void Request_LockedIdleNode_IsLeftAlone()
    {
        _stored.Node("1", NodeState.Ready).Lock("1").Request("200-1", RequestState.Requested, "small");

        Assert.Equal(["small"], Assert.IsType<PoolAction.Assign>(Assert.Single(Plan().Requests)).Launches);
    }

    [Fact]
    public void Request_WithoutReuse_IsLaunched()
    {
        _stored.Node("1", NodeState.Ready).Request("200-1", RequestState.Requested, request => request with { Reuse = false }, "small");

        Assert.Equal(["small"], Assert.IsType<PoolAction.Assign>(Assert.Single(Plan().Requests)).Launches);
    }

    [Fact]
    public void Request_SeveralLabels_MixesIdleAndLaunched()
    {
        _stored.Node("1", NodeState.Ready).Request("200-1", RequestState.Requested, "small", "large", "small");

        var assign = Assert.IsType<PoolAction.Assign>(Assert.Single(Plan().Requests));

        Assert.Equal(["1"], assign.Reused.Select(node => node.Id));
        Assert.Equal(["large", "small"], assign.Launches);
    }

    [Fact]
    public void Requests_TwoForOneIdleNode_TheFirstGetsIt()
    {
        _stored.Node("1", NodeState.Ready).Request("200-1", RequestState.Requested, "small").Request("100-2", RequestState.Requested, "small");

        var actions = Plan().Requests.Cast<PoolAction.Assign>().ToArray();

        Assert.Equal("100-2", actions[0].Request.Id);
        Assert.Equal(["1"], actions[0].Reused.Select(node => node.Id));
        Assert.Equal(["small"], actions[1].Launches);
    }

    [Fact]
    public void Limit_Reached_BlocksAndProtectsTheFirst()
    {
        _stored.Node("1", NodeState.InUse).Lock("1").Node("2", NodeState.InUse).Lock("2")
            .Request("200-1", RequestState.Requested, "small", "small").Request("200-2", RequestState.Requested, "small").Request("200-3", RequestState.Requested, "small");

        var plan = Plan(maxServers: 3, now: ViewFixture.Now + FairOrder.Patience.TotalSeconds);

        Assert.Empty(plan.Requests);
        Assert.True(plan.IsPaused);
    }

    [Fact]
    public void Limit_Reached_SmallerOnesOfThePriorityGoAheadForAWhile()
    {
        _stored.Node("1", NodeState.InUse).Lock("1").Node("2", NodeState.InUse).Lock("2")
            .Request("200-1", RequestState.Requested, "small", "small").Request("200-2", RequestState.Requested, "small").Request("200-3", RequestState.Requested, "small");

        var plan = Plan(maxServers: 3, now: ViewFixture.Now + FairOrder.Patience.TotalSeconds - 1);

        Assert.Equal("200-2", Assert.IsType<PoolAction.Assign>(Assert.Single(plan.Requests)).Request.Id);
        Assert.True(plan.IsPaused);
    }

    [Fact]
    public void Limit_Reached_NobodyOfALaterPriorityGoesAhead()
    {
        _stored.Node("1", NodeState.InUse).Lock("1").Node("2", NodeState.Ready, "large")
            .Request("200-1", RequestState.Requested, "small", "large", "small").Request("300-2", RequestState.Requested, "small").Request("300-3", RequestState.Requested, "large")
            .Request("900-4", RequestState.Requested, "small");

        // The idle node is one that the first could use.
        Assert.Empty(Plan(maxServers: 3).Requests);
    }

    [Fact]
    public void Blocked_IdleNodesOfOtherLabels_StillServe()
    {
        _stored.Node("1", NodeState.Ready, "large").Node("2", NodeState.InUse).Lock("2")
            .Request("200-1", RequestState.Requested, request => request with { Reuse = false }, "small", "small").Request("200-2", RequestState.Requested, "large");

        // Three are allowed, two exist: the pair has to wait, and evicting the idle node would make the room. But then it is promised to nobody else.
        var plan = Plan(maxServers: 3);

        var evict = Assert.IsType<PoolAction.Evict>(Assert.Single(plan.Requests));
        Assert.Equal("1", evict.Node.Id);
        Assert.Equal("200-1", evict.Request.Id);
    }

    [Fact]
    public void Blocked_RoomIsOnItsWay_NothingIsEvicted()
    {
        _stored.Node("1", NodeState.Ready, "large").Node("2", NodeState.Deleting).Node("3", NodeState.InUse).Lock("3").Request("200-1", RequestState.Requested, "small")
            .Request("200-2", RequestState.Requested, "large");

        var plan = Plan(maxServers: 3);

        var assign = Assert.IsType<PoolAction.Assign>(Assert.Single(plan.Requests));
        Assert.Equal("200-2", assign.Request.Id);
        Assert.Equal(["2"], plan.Delete);
    }

    [Fact]
    public void MinReady_NoRoom_WaitsWithoutEvictingAndLetsPoolsOfLowerRankTry()
    {
        _stored.Node("1", NodeState.Ready, "large").Request("900-1", RequestState.Requested, "small");

        var plan = Plan(maxServers: 1);

        Assert.Empty(plan.Requests);
        Assert.True(plan.IsPaused);
    }

    [Fact]
    public void Request_TooLargeForThePool_IsDeclinedAndFails()
    {
        _stored.Request("200-1", RequestState.Requested, "small", "small");

        var decline = Assert.IsType<PoolAction.Decline>(Assert.Single(Plan(maxServers: 1).Requests));

        Assert.True(decline.IsFinal);
        Assert.Contains("needs 2 instances, and pool p/main may have 1", decline.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Request_UnknownLabel_IsLeftToAPoolThatKnowsIt()
    {
        _stored.Pool("other", "q", "main", ["exotic"]).Request("200-1", RequestState.Requested, "exotic");

        Assert.Empty(Plan().Requests);
    }

    [Fact]
    public void Request_UnknownLabelEverywhere_IsDeclinedOnce()
    {
        _stored.Pool("other", "q", "main", ["small"]).Request("200-1", RequestState.Requested, "exotic");

        var decline = Assert.IsType<PoolAction.Decline>(Assert.Single(Plan().Requests));
        Assert.False(decline.IsFinal);

        _stored.Request("200-1", RequestState.Requested, request => request with { DeclinedBy = ["me"] }, "exotic");
        Assert.Empty(Plan().Requests);

        _stored.Request("200-1", RequestState.Requested, request => request with { DeclinedBy = ["other"] }, "exotic");
        Assert.True(Assert.IsType<PoolAction.Decline>(Assert.Single(Plan().Requests)).IsFinal);
    }

    [Fact]
    public void Request_OtherProviderWanted_IsLeftToIt()
    {
        _stored.Pool("other", "q", "main", ["small"]).Request("200-1", RequestState.Requested, request => request with { Provider = "q" }, "small");
        Assert.Empty(Plan().Requests);

        _stored.Request("200-1", RequestState.Requested, request => request with { Provider = "q", DeclinedBy = ["other"] }, "small");
        Assert.Single(Plan().Requests);
    }

    [Fact]
    public void Request_BetterPoolWithRoom_IsLeftToIt()
    {
        _stored.Pool("other", "q", "main", ["small"], priority: 50).Request("200-1", RequestState.Requested, "small");
        Assert.Empty(Plan().Requests);

        _stored.Pool("other", "q", "main", ["small"], priority: 50, paused: true);
        Assert.Single(Plan().Requests);
    }

    [Fact]
    public void Request_ImageMissing_WaitsWithoutBlocking()
    {
        _stored.Request("200-1", RequestState.Requested, "imaged").Request("200-2", RequestState.Requested, "small");
        Assert.Equal("200-2", Assert.IsType<PoolAction.Assign>(Assert.Single(Plan().Requests)).Request.Id);

        _stored.Build("i", "b", ImageState.Ready, 1).Upload("i", "b", "p", "0", ImageState.Ready, 1);
        Assert.Equal(2, Plan().Requests.Count);
    }

    [Fact]
    public void Pending_AllReady_IsFulfilledInOrder()
    {
        _stored.Node("1", NodeState.Ready, "small", "200-1").Node("2", NodeState.Ready, "large", "200-1").Request("200-1", RequestState.Pending, "large", "small");

        Assert.Equal(["2", "1"], Assert.IsType<PoolAction.Fulfil>(Assert.Single(Plan().Requests)).Nodes.Select(node => node.Id));
    }

    [Fact]
    public void Pending_OneFailed_IsDeclinedAndItsNodesAreFree()
    {
        _stored.Node("1", NodeState.Ready, "small", "200-1").Node("2", NodeState.Failed, "small", "200-1", node => node with { Launch = node.Launch! with { Failure = "no ssh" } })
            .Request("200-1", RequestState.Pending, "small", "small");

        var decline = Assert.IsType<PoolAction.Decline>(Assert.Single(Plan().Requests));

        Assert.Equal(["1", "2"], decline.Nodes.Select(node => node.Id));
        Assert.Contains("no ssh", decline.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Pending_OneAborted_RegroupsAndThenTopsUp()
    {
        _stored.Node("1", NodeState.Ready, "small", "200-1").Node("2", NodeState.Aborted, "small", "200-1").Request("200-1", RequestState.Pending, "small", "small");
        Assert.Equal(1, Assert.IsType<PoolAction.Regroup>(Assert.Single(Plan().Requests)).Remaining);

        _stored.Node("2", NodeState.Aborted);
        Assert.Equal(["small"], Assert.IsType<PoolAction.Assign>(Assert.Single(Plan().Requests)).Launches);
    }

    /// <summary>One node is there, the other may never come: without an answer the request would wait for ever, and so would all behind it.</summary>
    [Fact]
    public void Pending_ThatNoLongerFitsTheConfiguration_IsDeclinedAndItsNodesAreFree()
    {
        _stored.Node("1", NodeState.Ready, "small", "200-1").Request("200-1", RequestState.Pending, "small", "small");
        Assert.Equal(["1"], Assert.IsType<PoolAction.Decline>(Assert.Single(Plan(maxServers: 1).Requests)).Nodes.Select(node => node.Id));

        _stored.Request("200-1", RequestState.Pending, "small", "gone");
        Assert.Contains("label gone is not in pool p/main", Assert.IsType<PoolAction.Decline>(Assert.Single(Plan().Requests)).Reason, StringComparison.Ordinal);

        _stored.Node("2", NodeState.Ready, "gone", "200-1");
        Assert.IsType<PoolAction.Fulfil>(Assert.Single(Plan(maxServers: 1).Requests));
    }

    [Fact]
    public void Pending_InAnotherPool_IsNotOurs()
    {
        _stored.Node("1", NodeState.Failed, "small", "200-1", node => node with { Provider = "q" }).Request("200-1", RequestState.Pending, "small");

        Assert.Empty(Plan().Requests);
    }

    [Fact]
    public void Node_RequestGone_IsReleasedWhenReady()
    {
        _stored.Node("1", NodeState.Ready, request: "200-9").Node("2", NodeState.Building, request: "200-9");

        var plan = Plan();

        Assert.Equal("1", Assert.IsType<PoolAction.Release>(Assert.Single(plan.Requests)).Node.Id);
        Assert.Equal(["2"], plan.Launch);
    }

    [Theory]
    [InlineData(NodeState.Used, false, true)]
    [InlineData(NodeState.Used, true, false)]
    [InlineData(NodeState.InUse, true, false)]
    [InlineData(NodeState.InUse, false, true)]
    [InlineData(NodeState.Failed, false, true)]
    [InlineData(NodeState.Aborted, false, true)]
    [InlineData(NodeState.Deleting, false, true)]
    [InlineData(NodeState.Deleted, false, true)]
    [InlineData(NodeState.Init, false, true)]
    [InlineData(NodeState.Init, true, false)]
    [InlineData(NodeState.Ready, false, false)]
    [InlineData(NodeState.Hold, false, false)]
    public void Node_InState_IsDeletedOrNot(NodeState state, bool locked, bool deleted)
    {
        _stored.Node("1", state);
        if (locked)
        {
            _stored.Lock("1");
        }

        Assert.Equal(deleted, Plan().Delete.Contains("1"));
    }

    [Fact]
    public void QuotaClosed_NothingIsLaunchedOrEvicted()
    {
        _stored.Node("1", NodeState.Ready, "large").Request("200-1", RequestState.Requested, "small");

        var plan = PoolPlanner.Plan(_stored.View, Model(10) with { IsQuotaClosed = true }, ViewFixture.Now);

        Assert.Empty(plan.Requests);
        Assert.True(plan.IsPaused);
    }

    [Fact]
    public void MaxConcurrency_Reached_Waits()
    {
        _stored.Node("1", NodeState.Building, request: "200-0").Request("200-0", RequestState.Pending, "small").Request("200-1", RequestState.Requested, "small");

        Assert.Empty(PoolPlanner.Plan(_stored.View, Model(10, maxConcurrency: 1), ViewFixture.Now).Requests);
        Assert.Single(PoolPlanner.Plan(_stored.View, Model(10, maxConcurrency: 2), ViewFixture.Now).Requests);
    }

    private PoolPlan Plan(int maxServers = 10, double now = ViewFixture.Now) => PoolPlanner.Plan(_stored.View, Model(maxServers), now);

    private static PoolModel Model(int maxServers, int maxConcurrency = -1)
    {
        var pool = new PoolConfig
        {
            Name = "main",
            Limits = Quota.Of((Quota.Instances, maxServers)),
            Labels = [new PoolLabelConfig { Name = "small" }, new PoolLabelConfig { Name = "large" }, new PoolLabelConfig { Name = "imaged", DiskImage = "i" }],
        };
        return new PoolModel
        {
            Key = new PoolKey("p", "main"),
            ComponentId = "me",
            Provider = new ProviderConfig { Name = "p", Driver = "fake", Pools = [pool], MaxConcurrency = maxConcurrency },
            Config = pool,
            Costs = new ValueMap<Quota>(pool.Labels.Select(label => KeyValuePair.Create(label.Name, Quota.Of((Quota.Instances, 1))))),
        };
    }
}
