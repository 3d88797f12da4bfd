using CsCheck;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

/// <summary>What decision 0012 promises of one pass, over random queues: see <see cref="FairnessTests"/> for what follows from it over days.</summary>
public sealed class FairnessPropertyTests
{
    private const int Limit = 6;

    private static readonly string?[] Tenants = ["a", "b", "c", null];
    private static readonly string[] Labels = ["small", "large"];
    private static readonly string[] Zones = ["east", "west"];

    private static readonly Gen<Asked> Requests = Gen.Select(Gen.Int[1, 2], Gen.Int[0, 3], Gen.Int[0, 30], Gen.Int[0, 9000], Gen.Int[0, 1].List[1, 4])
        .Select((priority, party, relative, age, labels) => new Asked(priority * 100, Tenants[party], relative, age, [.. labels.Select(label => Labels[label])]));

    private static readonly Gen<Had> Nodes = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1], Gen.Int[0, 1], Gen.Int[0, 3])
        .Select((kind, label, zone, party) => new Had(
            kind switch { 0 => NodeState.Ready, 1 => NodeState.Deleting, _ => NodeState.InUse }, Labels[label], Zones[zone], Tenants[party]));

    [Fact]
    public void Order_OfAnyQueue_IsStrictInPriorityAndHasNobodyWaitForWhoCameAnHourLater() => Gen.Select(Requests.List[0, 25], Nodes.List[0, 12], Gen.Int[1, 3]).Sample((asked, had, weight) =>
    {
        var view = View(asked, had).View;
        double WeightOf(Party party) => party.Tenant == "a" ? weight : 1;
        var order = FairOrder.Of(view, WeightOf, ViewFixture.Now).ToArray();

        Assert.Equal(asked.Count, order.DistinctBy(request => request.Id).Count());
        var has = Tenants.ToDictionary(tenant => PartyOf(tenant), tenant => (double)had.Count(node => node.State != NodeState.Ready && node.Tenant == tenant));
        for (var i = 0; i < order.Length; i++)
        {
            var party = Party.Of(order[i].Record!);
            Assert.All(order[(i + 1)..], later =>
            {
                Assert.True(string.CompareOrdinal(order[i].Id[..3], later.Id[..3]) <= 0, $"{later.Id} is of an earlier priority than {order[i].Id}");
                if (RequestOrder.HaveSamePriority(order[i], later))
                {
                    var other = Party.Of(later.Record!);
                    Assert.True(party != other || Age(order[i]) - Age(later) >= -FairOrder.Head.TotalSeconds, $"{later.Id} is more than an hour older than {order[i].Id}");
                    Assert.True(
                        has[party] / WeightOf(party) <= has[other] / WeightOf(other),
                        $"{order[i].Id} is next, though {party} would have {has[party]} nodes and {other}, whose {later.Id} waits, has {has[other]}");
                }
            });
            has[party] += order[i].Record!.NodeTypes.Count;

            // Each priority begins with what parties have, not with what those before it are to get.
            if (i + 1 < order.Length && !RequestOrder.HaveSamePriority(order[i], order[i + 1]))
            {
                has = Tenants.ToDictionary(tenant => PartyOf(tenant), tenant => (double)had.Count(node => node.State != NodeState.Ready && node.Tenant == tenant));
            }
        }
    });

    /// <summary>All pools share one order per view: it must be that of any later moment too.</summary>
    [Fact]
    public void Order_ThatWasMadeBefore_IsThatOfLater() => Gen.Select(Requests.List[0, 15], Nodes.List[0, 8], Gen.Int[-7200, 7200]).Sample((asked, had, later) =>
    {
        var (view, model) = (View(asked, had).View, Model());
        _ = FairOrder.Of(view, model, ViewFixture.Now - 4000);
        var expected = FairOrder.Of(View(asked, had).View, model.WeightOf, ViewFixture.Now + later);

        Assert.Equal(expected.Select(request => request.Id), FairOrder.Of(view, model, ViewFixture.Now + later).Select(request => request.Id));
    });

    [Fact]
    public void Pass_OverAnyQueue_KeepsLimitsAndGivesEachNodeOnceAndSetsInOneZone() => Gen.Select(Requests.List[0, 15], Nodes.List[0, 9]).Sample((asked, had) =>
    {
        var plan = PoolPlanner.Plan(View(asked, had).View, Model(), ViewFixture.Now);

        var assigned = plan.Requests.OfType<PoolAction.Assign>().ToList();
        var launched = assigned.Sum(assign => assign.Launches.Count);
        Assert.True(launched == 0 || launched + had.Count <= Limit, $"{launched} are launched beside {had.Count}");
        var gone = assigned.SelectMany(assign => assign.Reused).Concat(plan.Requests.OfType<PoolAction.Evict>().Select(evict => evict.Node)).Select(node => node.Id).ToList();
        Assert.Equal(gone.Distinct().Count(), gone.Count);
        Assert.All(assigned.Where(assign => assign.Request.Record!.NodeTypes.Count > 1), assign =>
            Assert.Single(assign.Reused.Select(node => node.Record!.Az).Concat(assign.Launches.Count > 0 ? [assign.Zone] : []).Distinct()));
        Assert.All(assigned, assign => Assert.Equal(
            assign.Request.Record!.NodeTypes.Order(), assign.Reused.Select(node => node.Record!.Type[0]).Concat(assign.Launches).Order()));
    });

    [Fact]
    public void Pass_WhenAPatienceIsOver_LaunchesNothingForThoseBehindAndKeepsTheIdleNodesThatItCouldUse() => Gen.Select(Requests.List[1, 15], Nodes.List[0, 9]).Sample((asked, had) =>
    {
        var (view, model) = (View(asked, had).View, Model());
        var assigned = PoolPlanner.Plan(view, model, ViewFixture.Now).Requests.OfType<PoolAction.Assign>().ToDictionary(assign => assign.Request.Id);

        RequestView? first = null;
        foreach (var request in FairOrder.Of(view, model.WeightOf, ViewFixture.Now))
        {
            if (assigned.GetValueOrDefault(request.Id) is not { } assign)
            {
                first ??= Age(request) >= FairOrder.Patience.TotalSeconds ? request : null;
            }
            else if (first is not null)
            {
                Assert.True(assign.Launches.Count == 0, $"{request.Id} is launched behind {first.Id}");
                Assert.DoesNotContain(assign.Reused, node => first.Record!.NodeTypes.Contains(node.Record!.Type[0]));
            }
        }
    });

    private static Party PartyOf(string? tenant) => tenant is null ? new Party(null, "zuul") : Party.OfTenant(tenant);

    private static double Age(RequestView request) => FairOrder.Age(request.Record!, ViewFixture.Now);

    private static ViewFixture View(List<Asked> asked, List<Had> had)
    {
        var stored = new ViewFixture().Pool("me", "p", "main", Labels);
        for (var i = 0; i < had.Count; i++)
        {
            var (state, label, zone, tenant) = had[i];
            stored.Node($"{i}", state, label, change: node => node with { Az = zone, TenantName = state == NodeState.Ready ? null : tenant, Requestor = state == NodeState.Ready ? null : "zuul" });
            _ = state == NodeState.InUse ? stored.Lock($"{i}") : stored;
        }

        for (var i = 0; i < asked.Count; i++)
        {
            var (priority, tenant, relative, age, labels) = asked[i];
            stored.Request($"{priority}-{i:D10}", RequestState.Requested, request => request with { TenantName = tenant, RelativePriority = relative, CreatedTime = ViewFixture.Now - age }, labels);
        }

        return stored;
    }

    private static PoolModel Model()
    {
        var pool = new PoolConfig { Name = "main", Limits = Quota.Of((Quota.Instances, Limit)), Labels = [.. Labels.Select(label => new PoolLabelConfig { Name = label })] };
        return new PoolModel
        {
            Key = new PoolKey("p", "main"),
            ComponentId = "me",
            Provider = new ProviderConfig { Name = "p", Driver = "fake", Pools = [pool] },
            Config = pool,
            Costs = new ValueMap<Quota>(Labels.Select(label => KeyValuePair.Create(label, Quota.Of((Quota.Instances, 1))))),
            Zones = [.. Zones],
        };
    }

    private sealed record Asked(int Priority, string? Tenant, int Relative, int Age, string[] Labels);

    private sealed record Had(NodeState State, string Label, string Zone, string? Tenant);
}
