using Nodepool.Core.Config;
using Nodepool.Core.Launching.Duties;
using Nodepool.Core.Model;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

/// <summary>Where and when nodes are kept ready, and how outdated ones are replaced.</summary>
public sealed class ReadyPlannerTests
{
    private readonly ViewFixture _stored = new ViewFixture().Pool("p1", "p", "main", ["small"]).Pool("q1", "q", "main", ["small"]);
    private LabelConfig _label = new() { Name = "small", MinReady = 4 };
    private double _now = ViewFixture.Now;

    [Fact]
    public void Nodes_AreSpreadOverTheProvidersWithRoom()
    {
        _stored.Node("1", NodeState.Ready);

        Assert.Equal(["q", "p", "q"], Providers());
    }

    [Theory]
    [InlineData("full")]
    [InlineData("drained")]
    [InlineData("of lower rank")]
    [InlineData("broken")]
    public void Provider_ThatIsNoGood_IsNotNamed(string how)
    {
        switch (how)
        {
            case "drained":
                _stored.Put(NodepoolPaths.Drain("q"), new DrainRecord { Since = 1 }.Write());
                break;
            case "broken":
                _stored.Put(
                    NodepoolPaths.NewPoolTerms + "1",
                    new PoolTermsRecord { Component = "q1", Provider = "q", Pool = "main", Lanes = new([new("small", new LaneTerms { OpenSince = 1, Failure = "no answer" })]) }.Write());
                break;
            default:
                _stored.Pool("q1", "q", "main", ["small"], paused: how == "full", priority: how == "full" ? 100 : 200);
                break;
        }

        _stored.Pool("r1", "r", "main", ["small"]);
        Assert.Equal(["p", "r", "p", "r"], Providers());
    }

    [Fact]
    public void OnlyProvider_IsNotNamed()
    {
        _stored.Pool("q1", "q", "main", ["other"]);

        Assert.Equal([null, null, null, null], Providers());
    }

    [Fact]
    public void Request_WhoseProviderHasBecomeFull_IsLeftToAnybody()
    {
        Ask("900-1", "q");
        Ask("900-2", "p");
        Assert.Empty(Plan().Release);

        _stored.Pool("q1", "q", "main", ["small"], paused: true);
        Assert.Equal(["900-1"], Plan().Release.Select(request => request.Id));

        // Elsewhere is no room either: it may as well wait where it is.
        _stored.Pool("p1", "p", "main", ["small"], paused: true);
        Assert.Empty(Plan().Release);
    }

    [Fact]
    public void Window_CountsWhileItIsOpen()
    {
        _label = _label with { MinReady = 1, ReadySchedule = [new ReadyWindow("20 0 * * *", TimeSpan.FromMinutes(10), 3)] };

        _now = 1199;
        Assert.Single(Plan().Create);
        _now = 1200;
        Assert.Equal(3, Plan().Create.Count);
        _now = 1800;
        Assert.Single(Plan().Create);
    }

    [Fact]
    public void Outdated_OneMoreIsWantedFirst_ThenTheOldestGoes()
    {
        Images();
        Idle("1", "old").Idle("2", "old");

        var plan = Plan();
        Assert.Single(plan.Create);
        Assert.Empty(plan.Retire);

        Idle("3", "new");
        plan = Plan();
        Assert.Empty(plan.Create);
        Assert.Equal(["1"], plan.Retire.Select(node => node.Id));
    }

    [Fact]
    public void Outdated_ReplacementIsBeingMade_NothingGoesAndNoSecondIsWanted()
    {
        Images();
        Idle("1", "old").Idle("2", "old").Ask("900-1", provider: null);

        var plan = Plan();

        Assert.Empty(plan.Create);
        Assert.Empty(plan.Retire);
        Assert.Empty(plan.Finish);
    }

    [Fact]
    public void Outdated_LockedOrHeldBySomebody_IsLeftAlone()
    {
        Images();
        Idle("1", "old").Idle("2", "old").Idle("3", "new")._stored.Lock("1").Lock("2");

        Assert.Empty(Plan().Retire);
    }

    [Fact]
    public void Outdated_NotAsked_Stays()
    {
        Images();
        _label = _label with { ReplacesOutdated = false };
        Idle("1", "old").Idle("2", "old").Idle("3", "old");

        Assert.Empty(Plan().Retire);
        Assert.Empty(Plan().Create);
    }

    [Fact]
    public void Outdated_LauncherThatMayNotDelete_AsksForNoMore()
    {
        Images();
        Idle("1", "old").Idle("2", "old");

        var plan = MinReadyPlanner.Plan(_stored.View, Config(), _ => false, _now, mayDelete: false);

        Assert.Empty(plan.Create);
        Assert.Empty(plan.Retire);
    }

    [Fact]
    public void Outdated_WhileTheNewUploadIsOnTrial_StaysUntilItIsPromoted()
    {
        Images();
        _label = _label with { Canary = new CanaryConfig { Share = 0.5 } };
        Idle("1", "old").Idle("2", "old").Idle("3", "new");
        _stored.Put(NodepoolPaths.Canary("debian", new CanaryScope("p", "small")), new CanaryRecord { Trusted = Path("old"), TrustedBuilt = 100, Candidate = Path("new"), Since = 200 }.Write());
        Assert.Empty(Plan().Retire);

        _stored.Put(NodepoolPaths.Canary("debian", new CanaryScope("p", "small")), new CanaryRecord { Trusted = Path("new"), TrustedBuilt = 200 }.Write());
        Assert.Equal(["1"], Plan().Retire.Select(node => node.Id));
    }

    /// <summary>An image with two builds, both uploaded to provider p alone; two nodes are to be ready.</summary>
    private void Images()
    {
        _label = _label with { MinReady = 2, ReplacesOutdated = true };
        _stored.Pool("q1", "q", "main", ["other"]);
        foreach (var (build, time) in new[] { ("old", 100), ("new", 200) })
        {
            _stored.Build("debian", build, ImageState.Ready, time).Upload("debian", build, "p", "0000000000", ImageState.Ready, time + 10);
        }
    }

    private ReadyPlannerTests Idle(string id, string build)
    {
        _stored.Node(id, NodeState.Ready, change: node => node with { ImageId = Path(build) });
        return this;
    }

    private ReadyPlannerTests Ask(string id, string? provider)
    {
        _stored.Request(id, RequestState.Requested, request => request with { Requestor = MinReadyPlanner.Requestor, RequestorData = MinReadyPlanner.RequestorData, Provider = provider }, "small");
        return this;
    }

    private static string Path(string build) => NodepoolPaths.Upload("debian", build, "p", "0000000000");

    private List<string?> Providers() => [.. Plan().Create.Select(wish => wish.Provider)];

    private MinReadyPlan Plan() => MinReadyPlanner.Plan(_stored.View, Config(), _ => false, _now);

    private NodepoolConfig Config() => new()
    {
        Labels = [_label],
        DiskImages = [new DiskImageConfig { Name = "debian" }],
        Providers =
        [
            new ProviderConfig
            {
                Name = "p",
                Driver = "fake",
                DiskImages = [new ProviderDiskImageConfig { Name = "debian" }],
                Pools = [new PoolConfig { Name = "main", Labels = [new PoolLabelConfig { Name = "small", DiskImage = _label.ReplacesOutdated || _label.MinReady == 2 ? "debian" : null }] }],
            },
        ],
    };
}
