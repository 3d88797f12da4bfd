using System.Collections.Immutable;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Backing;
using Nodepool.Core.Model;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

/// <summary>How bigger nodes are asked for, shared slot by slot and given back.</summary>
public sealed class BackingPlannerTests
{
    private const string Owner = "NodePool:metastatic:p";

    private readonly ViewFixture _stored = new();
    private BackingRule _rule = new() { Label = "big", Slots = 3, GraceTime = TimeSpan.FromSeconds(60) };
    private ImmutableDictionary<string, double> _empty = ImmutableDictionary<string, double>.Empty;

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(3, 0, 1)]
    [InlineData(4, 0, 2)]
    [InlineData(4, 1, 1)]
    [InlineData(4, 2, 0)]
    public void Waiting_AskForJustSoManyNodes(int waiting, int open, int asked)
    {
        Enumerable.Range(1, waiting).ToList().ForEach(i => Waiting($"{i}"));
        Enumerable.Range(1, open).ToList().ForEach(i => Request($"100-{i}", RequestState.Pending));

        Assert.Equal(asked, Plan().Ask.Count);
    }

    [Fact]
    public void Requests_TooMany_AreWithdrawnWhileNobodyWorksOnThem()
    {
        Waiting("1");
        Request("100-1", RequestState.Requested);
        Request("100-2", RequestState.Requested);
        Request("100-3", RequestState.Pending);

        Assert.Equal(["100-2"], Plan().Drop.Select(request => request.Id));
    }

    [Fact]
    public void Request_Fulfilled_GivesItsNode()
    {
        _stored.Request("100-1", RequestState.Fulfilled, request => request with { Requestor = Owner, Nodes = ["7"] }, "big").Node("7", NodeState.Ready, "big", "100-1");

        var (request, node, backing) = Assert.Single(Plan().Take);

        Assert.Equal(("100-1", "7", new BackingRecord(Owner, "pod", 3, HasFailed: false, ViewFixture.Now)), (request.Id, node.Id, backing));
    }

    [Fact]
    public void Waiting_GetFreeSlots_OldestFirst()
    {
        Backing("7");
        Placed("1", 1, NodeState.InUse);
        Waiting("3");
        Waiting("2");
        Waiting("4");

        var plan = Plan();

        Assert.Equal([("2", 0), ("3", 2)], plan.Place.Select(place => (place.Node.Id, place.Slot)));
        Assert.Single(plan.Ask);
    }

    [Fact]
    public void BackingNode_OnWhichALaunchFailed_IsMarkedAndGetsNoMore()
    {
        Backing("7");
        Placed("1", 0, NodeState.Building, LaunchPhase.Clean);
        Waiting("2");

        var plan = Plan();

        Assert.Equal(["7"], plan.Mark.Select(node => node.Id));
        Assert.Empty(plan.Place);
        Assert.Single(plan.Ask);
    }

    [Theory]
    [InlineData(NodeState.Hold, true, false)]
    [InlineData(NodeState.Hold, false, true)]
    [InlineData(NodeState.Used, true, true)]
    public void BackingNode_ThatSomebodyTook_GetsNoMoreAndLosesOurLock(NodeState state, bool hasNode, bool isUnlocked)
    {
        Backing("7", node => node with { State = state });
        if (hasNode)
        {
            Placed("1", 0, NodeState.InUse);
        }

        Waiting("2");

        var plan = Plan();

        Assert.Empty(plan.Place);
        Assert.Empty(plan.GiveBack);
        Assert.Equal(isUnlocked ? 1 : 0, plan.Unlock.Count);
    }

    [Theory]
    [InlineData(59, 1000, 0, 0)]
    [InlineData(61, 1000, 0, 1)]
    [InlineData(61, 100, 200, 0)]
    [InlineData(61, 201, 200, 1)]
    public void BackingNode_Empty_IsGivenBackAfterGraceAndRetention(double emptyFor, double age, double retention, int givenBack)
    {
        _rule = _rule with { MinRetentionTime = TimeSpan.FromSeconds(retention) };
        Backing("7", node => node with { Backing = node.Backing! with { Launched = ViewFixture.Now - age } });
        _empty = _empty.Add("7", ViewFixture.Now - emptyFor);

        Assert.Equal(givenBack, Plan().GiveBack.Count);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 200)]
    public void BackingNode_FailedOrTooOld_IsGivenBackAsSoonAsItIsEmpty(bool hasFailed, double age)
    {
        _rule = _rule with { MaxAge = TimeSpan.FromSeconds(100) };
        Backing("7", node => node with { Backing = node.Backing! with { HasFailed = hasFailed, Launched = ViewFixture.Now - age } });
        _empty = _empty.Add("7", ViewFixture.Now);

        Assert.Equal(["7"], Plan().GiveBack.Select(node => node.Id));
    }

    /// <summary>What a job would get is worn out, and would keep it for as long as nobody asks.</summary>
    [Theory]
    [InlineData(true, 0, "1")]
    [InlineData(false, 200, "1")]
    [InlineData(false, 0, "")]
    public void BackingNode_FailedOrTooOld_LosesItsIdleNodes(bool hasFailed, double age, string evicted)
    {
        _rule = _rule with { MaxAge = TimeSpan.FromSeconds(100) };
        Backing("7", node => node with { Backing = node.Backing! with { HasFailed = hasFailed, Launched = ViewFixture.Now - age } });
        Placed("1", 0, NodeState.Ready);
        Placed("2", 1, NodeState.InUse);

        Assert.Equal(evicted, string.Join(',', Plan().Evict.Select(node => node.Id)));
    }

    [Fact]
    public void BackingNode_OfADrainedProvider_GetsNoMoreNodesAndLosesTheIdleOnes()
    {
        _stored.Put(NodepoolPaths.Drain("cloud"), new DrainRecord { Since = 1 }.Write());
        Backing("7");
        Placed("1", 0, NodeState.Ready);
        Placed("2", 1, NodeState.InUse);
        Waiting("3");

        var plan = Plan();

        Assert.Empty(plan.Place);
        Assert.Single(plan.Ask);
        Assert.Equal(["1"], plan.Evict.Select(node => node.Id));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void Drained_GivesEmptyNodesBackUnlessALaunchWaitsForThem(bool isAwaited, int givenBack)
    {
        _stored.Put(NodepoolPaths.Drain("p"), new DrainRecord { Since = 1 }.Write());
        Backing("7");
        _empty = _empty.Add("7", ViewFixture.Now);
        if (isAwaited)
        {
            Waiting("3");
        }

        Assert.Equal(givenBack, Plan().GiveBack.Count);
    }

    [Theory]
    [InlineData(NodeState.Ready, "200-9", true, true)]
    [InlineData(NodeState.Ready, "200-9", false, false)]
    [InlineData(NodeState.Ready, "900-9", true, false)]
    [InlineData(NodeState.InUse, "200-9", true, false)]
    public void IdleSlots_GiveWayToSomebodyWhoWaitsForTheirRoom(NodeState other, string request, bool isFull, bool givesWay)
    {
        _stored.Pool("c", "cloud", "main", ["big"], paused: isFull).Request(request, RequestState.Requested, "big");
        Backing("7");
        Placed("1", 0, NodeState.Ready);
        Placed("2", 1, other);

        Assert.Equal(givesWay ? 2 : 0, Plan().Evict.Count);
    }

    /// <summary>A host that exists is given back to whoever waits for one of its labels; to those who wait for other hosts it would be of no use.</summary>
    [Theory]
    [InlineData("big", true)]
    [InlineData("other", false)]
    public void IdleSlotsOfAHost_GiveWayToSomebodyWhoWaitsForIt(string wanted, bool givesWay)
    {
        _stored.Put(NodepoolPaths.NewComponent("pool", "host") + "c", new ComponentRecord
        {
            Kind = "pool",
            Hostname = "host",
            Id = "c",
            Name = "main",
            ProviderName = "cloud",
            SupportedLabels = ["big", "other"],
            Paused = true,
            IsStanding = true,
        }.Write()).Request("200-9", RequestState.Requested, wanted, wanted);
        Backing("7");
        Placed("1", 0, NodeState.Ready);

        Assert.Equal(givesWay ? 1 : 0, Plan().Evict.Count);
    }

    [Fact]
    public void EmptyNode_GivesWayAtOnce_ButNotWhileRoomIsComing()
    {
        _stored.Pool("c", "cloud", "main", ["big"], paused: true).Request("200-9", RequestState.Requested, "big");
        Backing("7");
        _empty = _empty.Add("7", ViewFixture.Now);
        Assert.Equal(["7"], Plan().GiveBack.Select(node => node.Id));

        _stored.Node("8", NodeState.Deleting, "big", change: node => node with { Provider = "cloud" });
        Assert.Empty(Plan().GiveBack);
    }

    [Fact]
    public void Launch_ForReadyNodesAlone_AsksWithTheirPriority()
    {
        _stored.Node("1", NodeState.Building, "pod", "900-1").Node("2", NodeState.Building, "pod", "900-2").Node("3", NodeState.Building, "pod", "900-3").Node("4", NodeState.Building, "pod", "900-4");
        Assert.Equal([new BackingWish("pod", IsForReady: true), new BackingWish("pod", IsForReady: true)], Plan().Ask);

        Waiting("5");
        Assert.Equal([new BackingWish("pod", IsForReady: false), new BackingWish("pod", IsForReady: true)], Plan().Ask);
    }

    [Fact]
    public void FailedRequest_EndsTheLaunchesThatWaitedForItAndNoOthers()
    {
        Waiting("1", BackingWait.From(ViewFixture.Now - 10));
        Waiting("2", BackingWait.From(ViewFixture.Now + 10));
        Request("100-1", RequestState.Failed);

        var plan = Plan();

        Assert.Single(plan.Ask);
        Assert.Empty(plan.Drop);
        Assert.NotNull(BackingWait.Disappointment(_stored.View, Owner, "big", ViewFixture.Now - 10));
        Assert.Null(BackingWait.Disappointment(_stored.View, Owner, "big", ViewFixture.Now + 10));
    }

    [Theory]
    [InlineData("\"{\\\"owner\\\": \\\"NodePool:metastatic:p\\\", \\\"label\\\": \\\"pod\\\", \\\"slots\\\": 4, \\\"failed\\\": false, \\\"launched\\\": 1725000000.5}\"", true)]
    [InlineData("{\"zuul_system\": \"NodePool:metastatic:p\"}", false)]
    [InlineData("\"{NodePool:metastatic:p\"", false)]
    [InlineData("\"{\\\"owner\\\": \\\"NodePool:metastatic:p\\\", \\\"label\\\": 4}\"", false)]
    public void UserData_OfPythonAndOthers_IsReadAsWhatItIs(string userData, bool isBacking)
    {
        var text = $$$"""{"state": "in-use", "state_time": 1, "provider": "c", "pool": "m", "user_data": {{{userData}}}, "driver_data": {"metadata": {}, "backing_node": "0000000007", "slot": 2, "node": "1"}}""";

        var node = NodeRecord.Read(System.Text.Encoding.UTF8.GetBytes(text));

        Assert.Equal(isBacking ? new BackingRecord(Owner, "pod", 4, HasFailed: false, 1725000000.5) : null, node.Backing);
        Assert.Equal(new SlotPlace("0000000007", 2), node.Place);
        Assert.Equal(node.Backing, NodeRecord.Read(node.Write().Span).Backing);
    }

    private void Waiting(string id, string stage = "start") =>
        _stored.Node(id, NodeState.Building, "pod", "200-1", node => node with { Launch = node.Launch! with { Stage = stage } });

    private void Request(string id, RequestState state) => _stored.Request(id, state, request => request with { Requestor = Owner }, "big");

    private void Backing(string id, Func<NodeRecord, NodeRecord>? change = null)
    {
        NodeRecord Lent(NodeRecord node) => node with { Provider = "cloud", Backing = new BackingRecord(Owner, "pod", 3, HasFailed: false, ViewFixture.Now) };
        _stored.Node(id, NodeState.InUse, "big", change: node => change is null ? Lent(node) : change(Lent(node))).Lock(id);
    }

    private void Placed(string id, int slot, NodeState state, LaunchPhase phase = LaunchPhase.Done) =>
        _stored.Node(id, state, "pod", change: node => node with { Place = new SlotPlace("7", slot), Launch = node.Launch! with { Phase = phase } });

    private BackingPlan Plan() => BackingPlanner.Plan(
        _stored.View,
        new ProviderConfig { Name = "p", Driver = "metastatic", IsBacked = true, Pools = [new PoolConfig { Name = "main", Labels = [new PoolLabelConfig { Name = "pod", Backing = _rule }] }] },
        new BackingMemory { Locks = ImmutableDictionary<string, string>.Empty.Add("7", "00__lock__0000000000"), EmptySince = _empty },
        ViewFixture.Now);
}
