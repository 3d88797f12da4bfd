using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

/// <summary>Pools of the same rank share a burst.</summary>
public sealed class BurstShareTests
{
    private static readonly ValueMap<LaneTerms> Well = Lanes(new LaneTerms { Usual = 40 });

    private static readonly PoolTermsRecord Other = new()
    {
        Component = "other",
        Provider = "q",
        Pool = "main",
        Limits = Quota.Of((Quota.Instances, 10)).Amounts,
        Labels = new ValueMap<LabelTerms>([new("small", new LabelTerms(Quota.Of((Quota.Instances, 1)).Amounts, Image: null))]),
        Lanes = Well,
    };

    private readonly ViewFixture _stored = new ViewFixture().Pool("me", "p", "main", ["small"]).Pool("other", "q", "main", ["small"]);

    [Fact]
    public void Burst_IsLaunchedHereAndThere()
    {
        Told(Other);
        Ask(10);

        Assert.Equal(["200-0", "200-1", "200-2", "200-3", "200-8"], Assigned());
        Assert.Equal("is left to pool q/main, where less is being launched", Explain("200-4")!.Text(new("p", "main")));
    }

    [Fact]
    public void PoolThatLaunchesNoLess_GetsNothing()
    {
        Told(Other);
        for (var node = 0; node < 10; node++)
        {
            _stored.Node($"{node}", NodeState.Building, request: $"100-{node}", change: record => record with { Provider = "q" });
        }

        Ask(10);
        Assert.Equal(10, Assigned().Count());
    }

    public static TheoryData<string> Reasons => ["too late", "named provider", "min-ready", "idle nodes", "silent", "rank", "full", "image", "limit", "max-concurrency", "slower", "quota", "launches off", "next door"];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Request_IsNotLeft_ToWhoCannotBeginAtOnce(string reason)
    {
        var terms = reason switch
        {
            "rank" => Other with { Priority = 101 },
            "full" => Other with { Limits = Quota.Of((Quota.Instances, 0)).Amounts },
            "image" => Other with { Labels = new ValueMap<LabelTerms>([new("small", new LabelTerms(ValueMap<long>.Empty, "img"))]) },
            "limit" => Other with { Lanes = Lanes(new LaneTerms { Limit = 0 }) },
            "max-concurrency" => Other with { MaxConcurrency = 4 },
            "slower" => Other with { Lanes = Lanes(new LaneTerms { Usual = 80 }) },
            "quota" => Other with { ClosedUntil = ViewFixture.Now + 1 },
            "launches off" => Other with { SwitchedOff = ["launches"] },
            "next door" => Other with { Provider = "p", Pool = "second" },
            _ => Other,
        };
        if (reason != "silent")
        {
            Told(terms);
        }

        Ask(6, request => reason switch
        {
            "too late" => request with { StateTime = ViewFixture.Now - 5 },
            "named provider" => request with { Provider = "p" },
            _ => request,
        }, reason == "min-ready" ? "900" : "200");
        for (var node = 0; node < 6 && reason == "idle nodes"; node++)
        {
            _stored.Node($"{node}", NodeState.Ready);
        }

        for (var node = 0; node < 4 && reason == "max-concurrency"; node++)
        {
            _stored.Node($"{node}", NodeState.Building, request: $"100-{node}", change: record => record with { Provider = "q" });
        }

        Assert.Equal(6, Assigned().Count());
    }

    private static ValueMap<LaneTerms> Lanes(LaneTerms small) => new([new("small", small), new(LaneTerms.All, new LaneTerms())]);

    private void Told(PoolTermsRecord terms) => _stored.Put(NodepoolPaths.NewPoolTerms + "0000000001", terms.Write());

    private void Ask(int number, Func<NodeRequestRecord, NodeRequestRecord>? change = null, string priority = "200")
    {
        for (var request = 0; request < number; request++)
        {
            _stored.Request($"{priority}-{request}", RequestState.Requested, change ?? (record => record), "small");
        }
    }

    private static PoolModel Model => new()
    {
        Key = new("p", "main"),
        ComponentId = "me",
        Provider = new ProviderConfig { Name = "p", Driver = "" },
        Config = new() { Name = "main", Limits = Quota.Of((Quota.Instances, 100)), Labels = [new PoolLabelConfig { Name = "small" }] },
        Costs = new ValueMap<Quota>([new("small", Quota.Of((Quota.Instances, 1)))]),
        Lanes = Well,
    };

    private PoolVerdict? Explain(string request) => PoolPlanner.Explain(_stored.View, Model, request, ViewFixture.Now);

    private IEnumerable<string> Assigned() => PoolPlanner.Plan(_stored.View, Model, ViewFixture.Now).Requests.OfType<PoolAction.Assign>().Select(assign => assign.Request.Id);
}
