using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.Launching;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Explaining;

public sealed class PoolTermsTests
{
    private static readonly PoolConfig Pool = new()
    {
        Name = "main",
        Priority = 7,
        Limits = Quota.Of((Quota.Instances, 3), (Quota.Cores, 12)),
        Labels = [new PoolLabelConfig { Name = "small" }, new PoolLabelConfig { Name = "imaged", DiskImage = "debian" }],
    };

    private static readonly PoolModel Model = new()
    {
        Key = new("p", "main"),
        ComponentId = "me",
        Provider = new ProviderConfig { Name = "p", Driver = "", MaxConcurrency = 2, Pools = [Pool] },
        Config = Pool,
        Costs = new ValueMap<Quota>([new("small", Quota.Of((Quota.Instances, 1))), new("imaged", Quota.Of((Quota.Instances, 1), (Quota.Cores, 4)))]),
        ProviderLimits = Quota.Of((Quota.Ram, 4096)),
        Zones = ["east", "west"],
        ClockSetTo = 1234.5,
        Tenants = new ValueMap<TenantLimit>([new("t", new TenantLimit("t", Quota.Of((Quota.Instances, 2)), 3))]),
        Deadlines = new ValueMap<double>([new("small", 60), new("imaged", 90)]),
        Lanes = new ValueMap<LaneTerms>(
        [
            new(LaneTerms.All, new LaneTerms { Limit = 4 }),
            new("small", new LaneTerms { Patience = 15.5, Usual = 5, IsSlow = true, IsRefusal = true, OpenSince = 1, TrippedAt = 2, ProbeAt = 3, Failure = "no valid host", AvoidedZones = ["z1", "z2"], ProbedZone = "z1" }),
        ]),
        Options = new LauncherOptions { Launches = false },
    };

    [Fact]
    public void Terms_ThereAndBack_GiveTheModel()
    {
        var stored = PoolTermsRecord.Read(PoolTerms.Of(Model, closedUntil: null).Write().Span);

        Assert.Equal(Model, PoolTerms.ToModel(stored, [stored], unixNow: 0));
    }

    [Fact]
    public void Slots_AreToldByTheLabelsTheyServe()
    {
        var standing = Model with { Config = Pool with { Machines = [Machine("1", 2, "a", "b"), Machine("2", 1, "c"), Machine("3", 3, "a", "b")] } };
        var stored = PoolTermsRecord.Read(PoolTerms.Of(standing, closedUntil: null).Write().Span);

        Assert.Equal([new SlotTerms(["a", "b"], 5), new SlotTerms(["c"], 1)], stored.Slots);
        Assert.True(PoolTerms.ToModel(stored, [stored], unixNow: 0).Config.IsStanding);

        static MachineConfig Machine(string name, int slots, params string[] labels) => new() { Name = name, Labels = labels.ToValueList(), Slots = slots };
    }

    [Fact]
    public void Closed_EndsByItself()
    {
        var stored = PoolTermsRecord.Read(PoolTerms.Of(Model, closedUntil: 50).Write().Span);

        Assert.True(PoolTerms.ToModel(stored, [stored], unixNow: 49).IsQuotaClosed);
        Assert.False(PoolTerms.ToModel(stored, [stored], unixNow: 50).IsQuotaClosed);
    }

    [Theory]
    [InlineData("p/main too-large: needs more: much more", "p/main", "too-large", "needs more: much more")]
    [InlineData("a b/c d quota: x", "a b/c d", "quota", "x")]
    public void DeclineReason_ThereAndBack_IsTheSame(string line, string pool, string code, string reason)
    {
        Assert.Equal(new DeclineReason(pool, code, reason), DeclineReason.Of(line));
        Assert.Equal(line, DeclineReason.Of(line)!.Text);
        Assert.Null(DeclineReason.Of("whatever"));
    }

    [Fact]
    public void Word_OfEachCode_IsItsOwn()
    {
        var words = Enum.GetValues<VerdictCode>().Select(code => code.Word()).ToList();

        Assert.Equal(words.Count, words.Distinct().Count());
        Assert.All(words, word => Assert.Matches("^[a-z]+(-[a-z]+)*$", word));
    }

    [Fact]
    public void View_HasTheTermsOfALivePool()
    {
        var view = new ViewFixture().Put(NodepoolPaths.NewPoolTerms + "0000000001", PoolTerms.Of(Model, null).Write()).View;

        Assert.Equal("main", view.TermsOf("me")!.Pool);
        Assert.Null(view.TermsOf("somebody"));
    }
}
