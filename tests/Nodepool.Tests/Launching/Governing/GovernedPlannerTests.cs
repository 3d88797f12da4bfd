using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching.Governing;

/// <summary>What the planner makes of what the governor says.</summary>
public sealed class GovernedPlannerTests
{
    private const double Patience = 60;

    private static readonly LaneTerms Well = new() { Patience = Patience };
    private static readonly LaneTerms Broken = new() { Patience = Patience, OpenSince = ViewFixture.Now - 30, TrippedAt = ViewFixture.Now - 5, ProbeAt = ViewFixture.Now + 7, Failure = "no valid host" };

    private readonly ViewFixture _stored = new ViewFixture().Pool("me", "p", "main", ["small", "large"]);

    [Fact]
    public void Limit_LetsSoManyBegin()
    {
        _stored.Node("1", NodeState.Building, request: "200-1").Request("200-1", RequestState.Pending, "small");
        Ask("200-2").Ask("200-3").Ask("200-4");

        var model = Model(("small", Well with { Limit = 3 }));

        Assert.Equal(["200-2", "200-3"], Assigned(model));
        Assert.True(Plan(model).IsPaused);
        Assert.Equal(VerdictCode.Governed, Explain(model, "200-4")!.Code);
    }

    [Fact]
    public void Limit_OfOneLabel_IsNotThatOfOthers()
    {
        _stored.Node("1", NodeState.Building, request: "200-1").Request("200-1", RequestState.Pending, "small");
        _stored.Request("200-2", RequestState.Requested, "large");

        Assert.Equal(["200-2"], Assigned(Model(("small", Well with { Limit = 1 }), ("large", Well))));
        Assert.Empty(Assigned(Model((LaneTerms.All, Well with { Limit = 1 }))));
    }

    [Fact]
    public void WaitingForALane_HoldsUpThoseWhoWantIt_AndNobodyElse()
    {
        _stored.Node("1", NodeState.Building, request: "200-1").Request("200-1", RequestState.Pending, "small")
            .Request("200-2", RequestState.Requested, "small", "small").Request("200-3", RequestState.Requested, "small").Request("200-4", RequestState.Requested, "large")
            .Request("200-5", RequestState.Requested, "large", "small");
        var model = Model(("small", Well with { Limit = 2 }), ("large", Well));

        Assert.Equal(["200-4"], Assigned(model));
        Assert.Equal(VerdictCode.Governed, Explain(model, "200-2")!.Code);
        Assert.Equal((VerdictCode.Behind, "200-2"), (Explain(model, "200-3")!.Code, Explain(model, "200-3")!.Subject));
        Assert.Equal(VerdictCode.Behind, Explain(model, "200-5")!.Code);
    }

    [Fact]
    public void LimitBelowARequest_LetsItBeginAlone()
    {
        _stored.Request("200-1", RequestState.Requested, "small", "small", "small");

        Assert.Equal(["200-1"], Assigned(Model(("small", Well with { Limit = 1 }))));
    }

    [Fact]
    public void OpenBreaker_LetsNothingBegin_AndHoldsNobodyUp()
    {
        Ask("200-1");
        _stored.Request("200-2", RequestState.Requested, "large");
        var model = Model(("small", Broken));

        Assert.Equal(["200-2"], Assigned(model));
        Assert.True(Plan(model).IsPaused);
        var verdict = Explain(model, "200-1")!;
        Assert.Equal("launches of label small fail; the next one is tried in 7 s; last failure: no valid host", verdict.Text(model.Key));
    }

    [Fact]
    public void OpenBreaker_LeavesIdleNodesToRequests()
    {
        Ask("200-1");
        _stored.Node("1", NodeState.Ready);

        Assert.Equal(["200-1"], Assigned(Model(("small", Broken))));
    }

    [Fact]
    public void HalfOpenBreaker_LetsOneProbeBegin()
    {
        Ask("200-1").Ask("200-2");
        var model = Model(("small", Broken with { ProbeAt = ViewFixture.Now }));

        Assert.Equal(["200-1"], Assigned(model));
        Assert.Null(Explain(model, "200-2")!.RetryAfter);
    }

    [Fact]
    public void ProbeUnderWay_IsTheOnlyOne()
    {
        Ask("200-2");
        _stored.Node("1", NodeState.Building, request: "200-1", change: node => node with { CreatedTime = ViewFixture.Now - 2 }).Request("200-1", RequestState.Pending, "small");
        var model = Model(("small", Broken with { ProbeAt = ViewFixture.Now - 3 }));

        Assert.Empty(Assigned(model));
        Assert.Equal(["200-2"], Assigned(model with { Lanes = Lanes(("small", Broken with { TrippedAt = ViewFixture.Now - 1, ProbeAt = ViewFixture.Now })) }));
    }

    [Fact]
    public void BadZone_GetsNoRequests_UnlessItIsTheOnlyOne()
    {
        for (var i = 0; i < 20; i++)
        {
            Ask($"200-{i}");
        }

        var model = Model(("small", Well with { AvoidedZones = ["b"] }));
        Assert.Equal(["a", "c"], Zones(model with { Zones = ["a", "b", "c"] }).Distinct().Order());
        Assert.Equal(["b"], Zones(model with { Zones = ["b"] }).Distinct());
    }

    [Fact]
    public void BadZone_IsTriedByOneRequestOfASingleNode()
    {
        _stored.Request("200-0", RequestState.Requested, "small", "small");
        for (var i = 1; i < 9; i++)
        {
            Ask($"200-{i}");
        }

        var zones = Zones(Model(("small", Well with { AvoidedZones = ["b"], ProbedZone = "b" })) with { Zones = ["a", "b"] }).ToList();
        Assert.Equal(["a", "b", "a", "a", "a", "a", "a", "a", "a"], zones);
    }

    [Fact]
    public void LateLaunch_IsHandedToAPoolWithRoom()
    {
        Launching("200-1", age: Patience);
        _stored.Pool("other", "q", "main", ["small"]);

        var regroup = Assert.IsType<PoolAction.Regroup>(Assert.Single(Plan(Model(("small", Well))).Requests));
        Assert.Equal((0, true), (regroup.Remaining, regroup.IsHandedOver));
        Assert.Equal(["1"], regroup.Aborted.Select(node => node.Id));
    }

    [Fact]
    public void LaunchThatIsNotLate_Stays()
    {
        Launching("200-1", age: Patience - 1);
        _stored.Pool("other", "q", "main", ["small"]);

        Assert.Empty(Plan(Model(("small", Well))).Requests);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void LateLaunch_IsNotHandedToAFullPool_NorToOneWhoseLaunchesFail(bool isFull, bool isBroken)
    {
        Launching("200-1", age: Patience);
        _stored.Pool("other", "q", "main", ["small"], paused: isFull)
            .Put(NodepoolPaths.NewPoolTerms + "0000000001", new PoolTermsRecord { Component = "other", Provider = "q", Pool = "main", Lanes = isBroken ? Lanes(("small", Broken)) : Lanes() }.Write());

        // Most others are late too: another launch here would help nobody either.
        Assert.Empty(Plan(Model(("small", Well with { IsSlow = true }))).Requests);
    }

    [Fact]
    public void SingleLateLaunch_IsRepeatedHere()
    {
        Launching("200-1", age: Patience);

        Assert.IsType<PoolAction.Regroup>(Assert.Single(Plan(Model(("small", Well))).Requests));
        Assert.Empty(Plan(Model(("small", Well)) with { Config = Pool(instances: 1) }).Requests);
    }

    [Fact]
    public void RequestThatWasHandedOver_StaysWhereItIsNow()
    {
        _stored.Request("200-1", RequestState.Pending, request => request with { HandedOver = ["p/main"] }, "small").Node("1", NodeState.Building, request: "200-1", change: node => node with { CreatedTime = 0 });
        _stored.Pool("other", "q", "main", ["small"]);

        Assert.Empty(Plan(Model(("small", Well))).Requests);
    }

    [Fact]
    public void RequestThatWasHandedOver_IsLeftToOthersForAWhile()
    {
        _stored.Request("200-1", RequestState.Requested, request => request with { HandedOver = ["p/main"], StateTime = ViewFixture.Now - 29 }, "small");
        _stored.Pool("other", "q", "main", ["small"]);

        Assert.Empty(Assigned(Model(("small", Well))));
        _stored.Request("200-1", RequestState.Requested, request => request with { HandedOver = ["p/main"], StateTime = ViewFixture.Now - 30 }, "small");
        Assert.Equal(["200-1"], Assigned(Model(("small", Well))));
    }

    [Theory]
    [InlineData(100, 50, 0, true)]
    [InlineData(100, 51, 0, false)]
    [InlineData(100, 50, 30, false)]
    [InlineData(100, null, 0, false)]
    [InlineData(null, 50, 0, false)]
    public void Request_IsLeftForAWhile_ToAPoolThatTakesHalfTheTime(int? here, int? there, double waited, bool isLeft)
    {
        _stored.Request("200-1", RequestState.Requested, request => request with { StateTime = ViewFixture.Now - waited }, "small")
            .Pool("other", "q", "main", ["small"])
            .Put(NodepoolPaths.NewPoolTerms + "0000000001", new PoolTermsRecord { Component = "other", Provider = "q", Pool = "main", Lanes = Lanes(("small", Well with { Usual = there })) }.Write());

        Assert.Equal(isLeft ? [] : ["200-1"], Assigned(Model(("small", Well with { Usual = here }))));
    }

    [Fact]
    public void HandedOverByAPoolOfHigherRank_IsServed()
    {
        _stored.Pool("first", "q", "main", ["small"], priority: 1);
        Ask("200-1");
        Assert.Empty(Assigned(Model()));

        _stored.Request("200-1", RequestState.Requested, request => request with { HandedOver = ["q/main"] }, "small");
        Assert.Equal(["200-1"], Assigned(Model()));
    }

    [Fact]
    public void CloudThatDoesNotAnswer_HandsOverWhatItBegan_AfterABlip()
    {
        Launching("200-1", age: 10);
        _stored.Pool("other", "q", "main", ["small"]);

        Assert.Empty(Plan(Model((LaneTerms.All, Broken with { OpenSince = ViewFixture.Now - 4 }))).Requests);
        Assert.IsType<PoolAction.Regroup>(Assert.Single(Plan(Model((LaneTerms.All, Broken with { OpenSince = ViewFixture.Now - 5 }))).Requests));
    }

    [Fact]
    public void LaunchThatEndedInAnOutage_IsNoFailureOfTheRequest()
    {
        _stored.Request("200-1", RequestState.Pending, "small")
            .Node("1", NodeState.Aborted, request: "200-1", change: node => node with { Launch = node.Launch! with { IsOutage = true } });

        var regroup = Assert.IsType<PoolAction.Regroup>(Assert.Single(Plan(Model(("small", Broken))).Requests));
        Assert.True(regroup.IsHandedOver);
    }

    [Fact]
    public void Deadline_EndsARequest_WhateverOthersCould()
    {
        Launching("200-1", age: 10, deadline: ViewFixture.Now);
        _stored.Pool("other", "q", "main", ["small"]);

        var decline = Assert.IsType<PoolAction.Decline>(Assert.Single(Plan(Model()).Requests));
        Assert.Equal((VerdictCode.Deadline, true), (decline.Code, decline.IsFinal));
    }

    [Fact]
    public void Deadline_ThatPassedOnlyBecauseTheClockWasSet_EndsNothing()
    {
        Launching("200-1", age: 10, deadline: ViewFixture.Now - 10);

        Assert.Empty(Plan(Model() with { ClockSetTo = ViewFixture.Now - 10 }).Requests);
        Assert.IsType<PoolAction.Decline>(Assert.Single(Plan(Model() with { ClockSetTo = ViewFixture.Now - 11 }).Requests));
    }

    [Fact]
    public void Deadline_DoesNotEndARequestWhoseNodesAreReady()
    {
        _stored.Request("200-1", RequestState.Pending, request => request with { LaunchDeadline = 1 }, "small").Node("1", NodeState.Ready, request: "200-1");

        Assert.IsType<PoolAction.Fulfil>(Assert.Single(Plan(Model()).Requests));
    }

    [Fact]
    public void WaitBeforeAnOpenBreaker_HasTheSameDeadline()
    {
        _stored.Request("200-1", RequestState.Requested, request => request with { CreatedTime = ViewFixture.Now - 20 }, "small");
        var model = Model(("small", Broken));

        Assert.Empty(Plan(model with { Deadlines = new ValueMap<double>([new("small", 21)]) }).Requests);
        var decline = Assert.IsType<PoolAction.Decline>(Assert.Single(Plan(model with { Deadlines = new ValueMap<double>([new("small", 20)]) }).Requests));
        Assert.Equal("no pool has launched its nodes before its deadline (launch-deadline of label small); last failure: no valid host", decline.Reason);
    }

    [Fact]
    public void RefusalOfTheCloud_EndsRequestsThatCameBefore()
    {
        _stored.Request("200-1", RequestState.Requested, request => request with { StateTime = ViewFixture.Now - 5 }, "small");
        Ask("200-2");

        var refused = Assert.IsType<PoolAction.Decline>(Assert.Single(Plan(Model(("small", Broken with { IsRefusal = true }))).Requests));
        Assert.Equal(("200-1", VerdictCode.LaunchFailed, "launches of label small fail here: no valid host"), (refused.Request.Id, refused.Code, refused.Reason));
    }

    [Fact]
    public void RefusalOfTheCloud_IsTriedAgain()
    {
        _stored.Request("200-1", RequestState.Requested, request => request with { StateTime = ViewFixture.Now - 5 }, "small")
            .Request("200-2", RequestState.Requested, request => request with { StateTime = ViewFixture.Now - 5 }, "small");

        var probing = Plan(Model(("small", Broken with { IsRefusal = true, ProbeAt = ViewFixture.Now }))).Requests;
        Assert.IsType<PoolAction.Assign>(probing[0]);
        Assert.IsType<PoolAction.Decline>(probing[1]);
    }

    private static ValueMap<LaneTerms> Lanes(params (string Name, LaneTerms Terms)[] lanes) => new(lanes.Select(lane => KeyValuePair.Create(lane.Name, lane.Terms)));

    private static PoolConfig Pool(int instances = 100) => new() { Name = "main", Limits = Quota.Of((Quota.Instances, instances)), Labels = [new PoolLabelConfig { Name = "small" }, new PoolLabelConfig { Name = "large" }] };

    private static PoolModel Model(params (string Name, LaneTerms Terms)[] lanes) => new()
    {
        Key = new("p", "main"),
        ComponentId = "me",
        Provider = new ProviderConfig { Name = "p", Driver = "" },
        Config = Pool(),
        Costs = new ValueMap<Quota>([new("small", Quota.Of((Quota.Instances, 1))), new("large", Quota.Of((Quota.Instances, 1)))]),
        Lanes = Lanes(lanes),
    };

    private GovernedPlannerTests Ask(string id)
    {
        _stored.Request(id, RequestState.Requested, "small");
        return this;
    }

    private void Launching(string request, double age, string node = "1", double? deadline = null) => _stored
        .Request(request, RequestState.Pending, record => record with { LaunchDeadline = deadline }, "small")
        .Node(node, NodeState.Building, request: request, change: record => record with { CreatedTime = ViewFixture.Now - age });

    private PoolPlan Plan(PoolModel model) => PoolPlanner.Plan(_stored.View, model, ViewFixture.Now);

    private PoolVerdict? Explain(PoolModel model, string request) => PoolPlanner.Explain(_stored.View, model, request, ViewFixture.Now);

    private IEnumerable<string?> Zones(PoolModel model) => Plan(model).Requests.OfType<PoolAction.Assign>().Select(assign => assign.Zone);

    private IEnumerable<string> Assigned(PoolModel model) => Plan(model).Requests.OfType<PoolAction.Assign>().Select(assign => assign.Request.Id);
}
