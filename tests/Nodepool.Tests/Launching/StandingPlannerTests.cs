using Nodepool.Core.Collections;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Duties;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Launching.Standing;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

/// <summary>How slots of machines that exist are kept filled, and how requests are served from them.</summary>
public sealed class StandingPlannerTests
{
    private static readonly MachineConfig Big = new() { Name = "big", Labels = ["a", "b"], Slots = 2 };
    private static readonly MachineConfig Small = new() { Name = "small", Labels = ["a"], Username = "root", ConnectionPort = 2222 };

    private readonly ViewFixture _stored = new ViewFixture().Put(
        NodepoolPaths.NewComponent("pool", "host") + "0",
        new ComponentRecord { Kind = "pool", Hostname = "host", Id = "me", Name = "main", ProviderName = "p", SupportedLabels = ["a", "b"], IsStanding = true }.Write());

    private PoolConfig _pool = new()
    {
        Name = "main",
        Machines = [Big, Small],
        Labels = [new PoolLabelConfig { Name = "a" }, new PoolLabelConfig { Name = "b" }],
        NodeAttributes = new ValueMap<string>([new("executor-zone", "z")]),
    };

    [Fact]
    public void Slots_WithoutNodes_AreVacant() => Assert.Equal([(Big, 0), (Big, 1), (Small, 0)], Vacant());

    [Theory]
    [InlineData(NodeState.Ready)]
    [InlineData(NodeState.InUse)]
    [InlineData(NodeState.Used)]
    [InlineData(NodeState.Hold)]
    [InlineData(NodeState.Deleting)]
    public void Slot_WithANodeInAnyState_IsNotVacant(NodeState state)
    {
        Put("1", Big, 1, node => node with { State = state });

        Assert.Equal([(Big, 0), (Small, 0)], Vacant());
    }

    [Fact]
    public void NewNode_LooksAsPythonWritesIt()
    {
        var node = new StandingSlot(_pool, Small, 0).NewNode("p", ["ssh-ed25519 K"], "np-1", 5);

        Assert.Equal((NodeState.Ready, 5, 5), (node.State, node.StateTime, node.CreatedTime));
        Assert.Equal(["a"], node.Type);
        Assert.Equal(("p", "main", "static driver"), (node.Provider, node.Pool, node.Launcher));
        Assert.Equal(("small", "small", "small", "small", null), (node.ExternalId.AsText(), node.Hostname, node.InterfaceIp, node.PublicIPv4, node.PublicIPv6));
        Assert.Equal(("root", "ssh", 2222, 0), (node.Username, node.ConnectionType, node.ConnectionPort.AsNumber(), node.Slot));
        Assert.Equal("{\"executor-zone\":\"z\"}", node.Attributes.ToString());
        Assert.Equal(["ssh-ed25519 K"], node.HostKeys);
        Assert.Null(node.Resources);
        Assert.Null(new StandingSlot(_pool, Small with { Name = "::1" }, 0).NewNode("p", [], "np-1", 5).PublicIPv4);
    }

    [Fact]
    public void Node_AsConfigured_IsLeftAsItIs()
    {
        Put("1", Big, 0);

        var plan = Plan();

        Assert.Empty(plan.Describe);
        Assert.Empty(plan.Retire);
        Assert.Equal(["1"], plan.Idle[Big.Id].Select(node => node.Id));
    }

    [Fact]
    public void Change_OfLabelsOrAttributes_DescribesIdleNodesAnewAndNoOthers()
    {
        Put("1", Big, 0);
        Put("2", Big, 1, node => node with { State = NodeState.InUse });
        Put("3", Small, 0, node => node with { AllocatedTo = "200-1" });
        _pool = _pool with { Machines = [Big with { Labels = ["c"], PythonPath = "/python" }, Small with { ShellType = "sh" }] };

        var (node, record) = Assert.Single(Plan().Describe);

        Assert.Equal("1", node.Id);
        Assert.Equal((ValueList<string>)["c"], record.Type);
        Assert.Equal("/python", record.PythonPath);
    }

    [Fact]
    public void Change_OfWhatIsLocked_Waits()
    {
        Put("1", Big, 0);
        _stored.Lock("1");
        _pool = _pool with { Machines = [] };

        Assert.Empty(Plan().Retire);
    }

    [Fact]
    public void Slots_ThatTheFileNoLongerHas_LoseTheirIdleNodes()
    {
        Put("1", Big, 0);
        Put("2", Big, 1);
        Put("3", Small, 0, node => node with { State = NodeState.InUse });
        _pool = _pool with { Machines = [Big with { Slots = 1 }] };

        Assert.Equal(["2"], Plan().Retire.Select(node => node.Id));
    }

    [Fact]
    public void Pool_Closed_LosesItsIdleNodesAndGetsNone()
    {
        Put("1", Big, 0);
        Put("2", Big, 1, node => node with { State = NodeState.InUse });
        _pool = _pool with { Limits = Quota.Of((Quota.Instances, 0)) };

        Assert.Equal(["1"], Plan().Retire.Select(node => node.Id));
        Assert.Empty(Vacant());
    }

    [Fact]
    public void Slot_InUseUnderAnotherUser_IsNotLentTwice()
    {
        Put("1", Big with { Username = "old" }, 0, node => node with { State = NodeState.InUse });
        Put("2", Big with { Username = "old" }, 1);

        var plan = Plan();

        Assert.Equal([(Small, 0)], Vacant());
        Assert.Equal(["2"], plan.Retire.Select(node => node.Id));
    }

    [Fact]
    public void Slot_OfTwoNodes_KeepsTheOneThatSomebodyHas()
    {
        Put("1", Small, 0);
        Put("2", Small, 0, node => node with { AllocatedTo = "200-1" });

        Assert.Equal(["1"], Plan().Retire.Select(node => node.Id));
    }

    [Fact]
    public void NodesOfPython_AreLeftAloneAsLongAsItLives()
    {
        Put("1", Big, 0, node => node with { Launch = null, Type = ["old"] });
        Put("2", Big, 1, node => node with { Launch = null, State = NodeState.Used });
        Put("3", Small, 0);
        Put("4", Small, 0, node => node with { Launch = null });
        Put("5", Small with { Name = "theirs" }, 0, node => node with { Launch = null });
        _stored.Pool("peer", "p", "main", ["a", "b"]).Request("200-1", RequestState.Requested, "a");

        var plan = Plan();
        var duties = PoolPlanner.Plan(_stored.View, Model(), ViewFixture.Now);

        Assert.Empty(plan.Vacant);
        Assert.Empty(plan.Describe);
        Assert.Equal(["3"], plan.Retire.Select(node => node.Id));
        Assert.Equal(["3"], Assert.IsType<PoolAction.Assign>(Assert.Single(duties.Requests)).Reused.Select(node => node.Id));
        Assert.Empty(duties.Delete);
    }

    [Fact]
    public void NodesOfPython_AreTakenOverWhenItHasGone()
    {
        Put("1", Big, 0, node => node with { Launch = null, Type = ["old"] });
        Put("2", Big, 1, node => node with { Launch = null, State = NodeState.Used });

        Assert.Equal(["1"], Plan().Describe.Select(change => change.Node.Id));
        Assert.Equal(["2"], PoolPlanner.Plan(_stored.View, Model(), ViewFixture.Now).Delete);
    }

    [Fact]
    public void Request_IsServedFromIdleNodes_AlsoWhenItWantsFreshOnes()
    {
        Put("1", Big, 0);
        _stored.Request("200-1", RequestState.Requested, request => request with { Reuse = false }, "b");

        Assert.Equal(["1"], Assert.IsType<PoolAction.Assign>(Assert.Single(Requests())).Reused.Select(node => node.Id));
    }

    [Fact]
    public void Request_WhosePatienceIsOver_HoldsUpOnlyWhoWantsTheSame()
    {
        var other = Small with { Labels = ["c"] };
        _pool = _pool with { Machines = [Big, other], Labels = [.. _pool.Labels, new PoolLabelConfig { Name = "c" }] };
        Put("1", Big, 0);
        Put("2", Big, 1, node => node with { State = NodeState.InUse });
        Put("3", other, 0);
        _stored.Request("200-1", RequestState.Requested, "a", "a").Request("200-2", RequestState.Requested, "b").Request("200-3", RequestState.Requested, "c");

        var plan = PoolPlanner.Plan(_stored.View, Model(), ViewFixture.Now + 3600);

        Assert.Equal("200-3", Assert.IsType<PoolAction.Assign>(Assert.Single(plan.Requests)).Request.Id);
        Assert.True(plan.IsPaused);
        Assert.Empty(plan.Launch);
    }

    [Fact]
    public void Request_ForMoreThanThereIs_IsDeclined()
    {
        _stored.Request("200-1", RequestState.Requested, "b", "b", "b");

        Assert.Contains("slots-b", Assert.IsType<PoolAction.Decline>(Assert.Single(Requests())).Reason, StringComparison.Ordinal);
    }

    /// <summary>The first node that fits is not always the right one: it may be the only one of a label that comes later.</summary>
    [Theory]
    [InlineData("a", "b", "2,1")]
    [InlineData("b", "a", "1,2")]
    public void Request_WhoseLabelsOverlap_GetsTheNodesInTheWayThatServesAll(string first, string second, string expected)
    {
        Put("1", Big, 0);
        Put("2", Small, 0);
        _stored.Request("200-1", RequestState.Requested, first, second);

        Assert.Equal(expected, string.Join(',', Assert.IsType<PoolAction.Assign>(Assert.Single(Requests())).Reused.Select(node => node.Id)));
    }

    /// <summary>Each label has a slot and there are slots enough, but one of them is counted twice: to wait would be to wait for ever.</summary>
    [Fact]
    public void Request_ForLabelsOfOneSlot_IsDeclined()
    {
        _pool = _pool with { Machines = [Big with { Slots = 1 }, Small with { Labels = ["c"] }], Labels = [.. _pool.Labels, new PoolLabelConfig { Name = "c" }] };
        _stored.Request("200-1", RequestState.Requested, "a", "b");

        Assert.Equal(
            "needs 2 hosts at the same time, and of those in pool p/main only 1 would do",
            Assert.IsType<PoolAction.Decline>(Assert.Single(Requests())).Reason);
    }

    [Fact]
    public void MinReady_IsNotAskedForAndNotServed()
    {
        Put("1", Big, 0, node => node with { State = NodeState.InUse });
        Put("2", Big, 1);
        _stored.Request("900-1", RequestState.Requested, request => request with { Reuse = false, Requestor = MinReadyPlanner.Requestor, RequestorData = RawJson.FromUtf8("{}"u8) }, "a");
        var config = new NodepoolConfig { Labels = [new LabelConfig { Name = "b", MinReady = 2 }], Providers = [Provider] };

        Assert.Empty(MinReadyPlanner.Plan(_stored.View, config, _ => false, ViewFixture.Now).Create);
        Assert.Contains("ready without being asked for", Assert.IsType<PoolAction.Decline>(Assert.Single(Requests())).Reason, StringComparison.Ordinal);
    }

    private ProviderConfig Provider => new() { Name = "p", Driver = "static", Pools = [_pool] };

    private void Put(string id, MachineConfig machine, int slot, Func<NodeRecord, NodeRecord>? change = null)
    {
        var node = new StandingSlot(_pool, machine, slot).NewNode("p", ["ssh-ed25519 K"], "np-" + id, ViewFixture.Now);
        _stored.Put(NodepoolPaths.Node(id), (change?.Invoke(node) ?? node).Write());
    }

    private StandingPlan Plan() => StandingPlanner.Plan(_stored.View, Provider);

    private IEnumerable<(MachineConfig, int)> Vacant() => Plan().Vacant.Select(slot => (slot.Machine, slot.Number));

    private ValueList<PoolAction> Requests() => PoolPlanner.Plan(_stored.View, Model(), ViewFixture.Now).Requests;

    private PoolModel Model() => new()
    {
        Key = new("p", "main"),
        ComponentId = "me",
        Provider = Provider,
        Config = _pool,
        Costs = new ValueMap<Quota>(_pool.Labels.Select(label => KeyValuePair.Create(label.Name, Quota.Of((Quota.Instances, 1), ("slots-" + label.Name, 1))))),
        ProviderLimits = Quota.Of((Quota.Instances, 3), ("slots-a", 3), ("slots-b", 2)),
    };
}
