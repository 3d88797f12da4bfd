using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

/// <summary>Ways in which requests once waited for each other for ever, all found by the simulator.</summary>
public sealed class PoolDeadlockTests
{
    private readonly ViewFixture _stored = new ViewFixture().Pool("me", "p", "main", ["small", "large"]);

    [Fact]
    public void Request_TooLargeForEveryPool_IsDeclinedAtOnceAndNotLeftToTheOther()
    {
        _stored.Pool("other", "q", "main", ["small"]).Request("200-1", RequestState.Requested, "small", "small");

        Assert.False(Assert.IsType<PoolAction.Decline>(Assert.Single(Plan(maxServers: 1).Requests)).IsFinal);
    }

    [Fact]
    public void Request_RefusedByAllPoolsThatAreLeft_Fails()
    {
        _stored.Request("200-1", RequestState.Requested, request => request with { DeclinedBy = ["gone", "me"] }, "small");

        Assert.True(Assert.IsType<PoolAction.Decline>(Assert.Single(Plan().Requests)).IsFinal);
    }

    [Fact]
    public void ProviderFull_OfIdleNodesOfItsOtherPool_OneOfThemGoes()
    {
        _stored.Node("1", NodeState.Ready, change: Neighbour).Node("2", NodeState.Ready, change: Neighbour).Request("200-1", RequestState.Requested, "large");

        Assert.Equal("1", Assert.IsType<PoolAction.Evict>(Assert.Single(Plan(providerLimit: 2).Requests)).Node.Id);
    }

    [Fact]
    public void ProviderFull_NodeOfItsOtherPoolIsOnItsWayOut_NothingIsEvicted()
    {
        _stored.Node("1", NodeState.Ready, change: Neighbour).Node("2", NodeState.Deleting, change: Neighbour).Request("200-1", RequestState.Requested, "large");

        Assert.Empty(Plan(providerLimit: 2).Requests);
    }

    [Fact]
    public void PoolFull_IdleNodesOfTheOtherPool_DoNotHelpAndStay()
    {
        _stored.Node("1", NodeState.InUse).Lock("1").Node("2", NodeState.Ready, change: Neighbour).Request("200-1", RequestState.Requested, "large");

        Assert.Empty(Plan(maxServers: 1, providerLimit: 2).Requests);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void MinReady_TheOtherPoolMakesRoomForSomebody_WaitsForIt(bool paused, int actions)
    {
        _stored.Pool("other", "p", "second", ["rare"], paused: paused).Request("200-1", RequestState.Requested, "rare").Request("900-1", RequestState.Requested, "small");

        Assert.Equal(actions, Plan().Requests.Count);
    }

    [Fact]
    public void MinReady_TheOtherPoolMakesRoomForSomebodyWhoHasANodeThere_WaitsForIt()
    {
        _stored.Pool("other", "p", "second", ["rare"], paused: true).Node("1", NodeState.Ready, "rare", "200-1", Neighbour)
            .Request("200-1", RequestState.Pending, "rare", "rare").Request("900-1", RequestState.Requested, "small");

        Assert.Empty(Plan().Requests);
    }

    [Fact]
    public void Label_TakenOutOfThePool_ItsIdleNodesGo()
    {
        _stored.Node("1", NodeState.Ready, "gone").Node("2", NodeState.Ready).Node("3", NodeState.Ready, "gone", "200-1").Node("4", NodeState.Ready, "gone").Lock("4")
            .Node("5", NodeState.Ready, "gone", change: Neighbour).Node("6", NodeState.Ready, change: node => node with { Type = ["gone", "small"] })
            .Request("200-1", RequestState.Fulfilled, request => request with { Nodes = ["3"] }, "gone");

        Assert.Equal("1", Assert.IsType<PoolAction.Retire>(Assert.Single(Plan().Requests)).Node.Id);
    }

    [Fact]
    public void Pending_LacksNode_ComesBeforeAnEarlierRequestThatWaitsForItsRoom()
    {
        _stored.Node("1", NodeState.Ready, "small", "200-2").Request("200-1", RequestState.Requested, "small", "small", "small").Request("200-2", RequestState.Pending, "small", "large");

        var assign = Assert.IsType<PoolAction.Assign>(Assert.Single(Plan(maxServers: 3).Requests));

        Assert.Equal("200-2", assign.Request.Id);
    }

    [Fact]
    public void Pending_TwoLackNodesAndTheRoomOfTheOther_TheLaterGivesItsNodesBack()
    {
        _stored.Node("1", NodeState.Ready, "small", "200-1", Neighbour).Request("200-1", RequestState.Pending, "small", "small")
            .Node("2", NodeState.Ready, "small", "200-2").Request("200-2", RequestState.Pending, "small", "small");

        var regroup = Assert.IsType<PoolAction.Regroup>(Assert.Single(Plan(providerLimit: 2).Requests));

        Assert.Equal("200-2", regroup.Request.Id);
        Assert.Equal(0, regroup.Remaining);
        Assert.Equal(["2"], regroup.Aborted.Select(node => node.Id));
    }

    [Fact]
    public void Pending_TheFirstLacksNode_KeepsWhatItHas()
    {
        _stored.Node("1", NodeState.Ready, "small", "200-1").Request("200-1", RequestState.Pending, "small", "small")
            .Node("2", NodeState.Ready, "small", "200-2", Neighbour).Request("200-2", RequestState.Pending, "small", "small");

        Assert.Empty(Plan(providerLimit: 2).Requests);
    }

    private static NodeRecord Neighbour(NodeRecord node) => node with { Pool = "second" };

    private PoolPlan Plan(int maxServers = 10, int providerLimit = 10)
    {
        var pool = new PoolConfig
        {
            Name = "main",
            Limits = Quota.Of((Quota.Instances, maxServers)),
            Labels = [new PoolLabelConfig { Name = "small" }, new PoolLabelConfig { Name = "large" }],
        };
        return PoolPlanner.Plan(_stored.View, new PoolModel
        {
            Key = new PoolKey("p", "main"),
            ComponentId = "me",
            Provider = new ProviderConfig { Name = "p", Driver = "fake", Pools = [pool, pool with { Name = "second" }] },
            Config = pool,
            Costs = new ValueMap<Quota>(pool.Labels.Select(label => KeyValuePair.Create(label.Name, Quota.Of((Quota.Instances, 1))))),
            ProviderLimits = Quota.Of((Quota.Instances, providerLimit)),
        }, ViewFixture.Now);
    }
}
