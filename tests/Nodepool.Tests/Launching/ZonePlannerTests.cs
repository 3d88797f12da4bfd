using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

/// <summary>All nodes of a request are in one availability zone, where there are any.</summary>
public sealed class ZonePlannerTests
{
    private readonly ViewFixture _stored = new ViewFixture().Pool("me", "p", "main", ["small", "large"]);
    private ValueList<string> _zones = ["east", "north", "west"];

    [Fact]
    public void Set_IsReusedFromTheZoneThatHasMostAndLaunchedThere()
    {
        Idle("1", "east", "small").Idle("2", "west", "large").Idle("3", "west", "small")._stored.Request("200-1", RequestState.Requested, "small", "large", "large");

        var assign = Assigned();

        Assert.Equal(["3", "2"], assign.Reused.Select(node => node.Id));
        Assert.Equal(["large"], assign.Launches);
        Assert.Equal("west", assign.Zone);
    }

    [Fact]
    public void SingleNode_IsReusedFromAnyZone()
    {
        Idle("1", "south", "small")._stored.Request("200-1", RequestState.Requested, "small");

        Assert.Equal(["1"], Assigned().Reused.Select(node => node.Id));
    }

    [Fact]
    public void Launches_AreSpreadOverTheZonesByRequest()
    {
        for (var i = 0; i < 60; i++)
        {
            _stored.Request($"200-{i:D10}", RequestState.Requested, i % 2 == 0 ? ["small"] : ["small", "large"]);
        }

        var zones = Plan().OfType<PoolAction.Assign>().CountBy(assign => assign.Zone!).ToDictionary();

        Assert.Equal(_zones, zones.Keys.Order(StringComparer.Ordinal));
        Assert.All(zones.Values, count => Assert.InRange(count, 8, 40));
    }

    /// <summary>A zone that the pool may not use any more is good for what is there already, not for launches.</summary>
    [Fact]
    public void Set_IdleInAZoneThatIsNoLongerConfigured_IsReusedOnlyAsAWhole()
    {
        Idle("1", "south", "small").Idle("2", "south", "large")._stored.Request("200-1", RequestState.Requested, "small", "large").Request("200-2", RequestState.Requested, "small", "small");
        Assert.Equal(["1", "2"], Assert.IsType<PoolAction.Assign>(Plan()[0]).Reused.Select(node => node.Id));

        _stored.Request("200-1", RequestState.Requested, "small", "large", "large");
        var assign = Assert.IsType<PoolAction.Assign>(Plan()[0]);
        Assert.Empty(assign.Reused);
        Assert.Contains(assign.Zone, _zones);
    }

    [Fact]
    public void Set_WhereTheCloudHasNoZonesToChoose_IsStillReusedFromOne()
    {
        _zones = [];
        Idle("1", "east", "small").Idle("2", "west", "large").Idle("3", "west", "small")._stored.Request("200-1", RequestState.Requested, "small", "large");

        Assert.Equal(["3", "2"], Assigned().Reused.Select(node => node.Id));
    }

    [Fact]
    public void Set_OfNodesWithoutZones_IsReused()
    {
        _zones = [];
        _stored.Node("1", NodeState.Ready).Node("2", NodeState.Ready, "large").Request("200-1", RequestState.Requested, "small", "large");

        Assert.Equal((2, null), (Assigned().Reused.Count, Assigned().Zone));
    }

    [Fact]
    public void Pending_NodeLostToQuota_IsReplacedWhereTheOthersAre()
    {
        Idle("1", "east", "large")._stored.Node("2", NodeState.Ready, "small", "200-1", node => node with { Az = "west" }).Request("200-1", RequestState.Pending, "small", "large");

        var assign = Assigned();

        Assert.Empty(assign.Reused);
        Assert.Equal((["large"], "west"), (assign.Launches, assign.Zone));
    }

    /// <summary>What is ready goes back at once, for anybody; the request goes to another zone as a whole.</summary>
    [Fact]
    public void Pending_NodeOfASetFailed_TheSetMovesToAZoneThatHasNotFailed()
    {
        Pending("east", []);
        var regroup = Assert.IsType<PoolAction.Regroup>(Assert.Single(Plan()));
        Assert.Equal(["1", "2"], regroup.Aborted.Select(node => node.Id));
        Assert.Equal((0, "east"), (regroup.Remaining, regroup.FailedZone));

        // As it is then stored: the ready one is idle and already somebody else's.
        _stored.Node("1", NodeState.Ready, "small", change: node => node with { Az = "east" }).Node("2", NodeState.Failed, "large", change: node => node with { Az = "east" })
            .Request("200-1", RequestState.Requested, request => request with { FailedZones = ["p/east"] }, "small", "large").Request("100-1", RequestState.Requested, "small");
        var plan = Plan().Cast<PoolAction.Assign>().ToArray();
        Assert.Equal(["1"], plan[0].Reused.Select(node => node.Id));
        Assert.Equal(2, plan[1].Launches.Count);
        Assert.NotEqual("east", plan[1].Zone);
    }

    [Fact]
    public void Pending_NodeOfASetFailedInTheLastZone_IsDeclined()
    {
        Pending("east", ["p/west", "p/north", "q/east"]);

        Assert.Equal(["1", "2"], Assert.IsType<PoolAction.Decline>(Assert.Single(Plan())).Nodes.Select(node => node.Id));
    }

    [Fact]
    public void Pending_SingleNodeFailed_IsDeclined()
    {
        _stored.Node("2", NodeState.Failed, "large", "200-1", node => node with { Az = "east" }).Request("200-1", RequestState.Pending, "large");

        Assert.IsType<PoolAction.Decline>(Assert.Single(Plan()));
    }

    private void Pending(string zone, ValueList<string> failed) => _stored
        .Node("1", NodeState.Ready, "small", "200-1", node => node with { Az = zone })
        .Node("2", NodeState.Failed, "large", "200-1", node => node with { Az = zone })
        .Request("200-1", RequestState.Pending, request => request with { FailedZones = failed }, "small", "large");

    private ZonePlannerTests Idle(string id, string zone, string label)
    {
        _stored.Node(id, NodeState.Ready, label, change: node => node with { Az = zone });
        return this;
    }

    private PoolAction.Assign Assigned() => Assert.IsType<PoolAction.Assign>(Assert.Single(Plan()));

    private ValueList<PoolAction> Plan()
    {
        var pool = new PoolConfig { Name = "main", Labels = [new PoolLabelConfig { Name = "small" }, new PoolLabelConfig { Name = "large" }] };
        return PoolPlanner.Plan(
            _stored.View,
            new PoolModel
            {
                Key = new PoolKey("p", "main"),
                ComponentId = "me",
                Provider = new ProviderConfig { Name = "p", Driver = "fake", Pools = [pool] },
                Config = pool,
                Costs = ValueMap<Quota>.Empty,
                Zones = _zones,
            },
            ViewFixture.Now).Requests;
    }
}
