using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Tests.Launching.Governing;

/// <summary>A launcher whose cloud misbehaves.</summary>
public sealed class GovernedLauncherTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(4);

    private int _requests;
    private ReloadBed _bed = new(Config());

    [Fact]
    public void CreatesThatFailAltogether_OpenTheBreaker_AndCostNoRequestItsAttempts()
    {
        _bed.Cloud.Behaviour.Odds = [new FakeOdds(FakeOperation.Create, FakeFate.Fails(ProviderFault.CapacityUnavailable), 1)];
        Start();

        var ids = Enumerable.Range(0, 6).Select(_ => Ask()).ToList();
        _bed.Until(() => Lane()?.IsOpen == true, "the breaker opens");
        _bed.Pass(TimeSpan.FromSeconds(40));
        var creates = _bed.Cloud.Count(FakeOperation.Create);

        Assert.All(ids, id => Assert.NotEqual(RequestState.Failed, _bed.Stored(id)!.State));
        _bed.Pass(TimeSpan.FromSeconds(45));
        Assert.InRange(_bed.Cloud.Count(FakeOperation.Create) - creates, 2, 6);

        _bed.Cloud.Behaviour.Odds = [];
        _bed.Until(() => ids.All(id => _bed.Stored(id)!.State == RequestState.Fulfilled), "a probe works and all are served");
        Assert.False(Lane()!.IsOpen);
    }

    [Fact]
    public void CreatesOfManyLabelsThatFail_OpenTheBreakerOfAll_BeforeThatOfAnyLabel()
    {
        string[] labels = [.. Enumerable.Range(0, 10).Select(number => $"red{number}")];
        _bed = new ReloadBed(Config(labels: labels));
        _bed.Cloud.Behaviour.Odds = [new FakeOdds(FakeOperation.Create, FakeFate.Fails(ProviderFault.CapacityUnavailable), 1)];
        Start();

        var ids = labels.Select(Ask).ToList();
        _bed.Until(() => Lane(LaneTerms.All)?.IsOpen == true, "the breaker of all labels opens");

        Assert.All(labels, label => Assert.False(Lane(label)!.IsOpen));
        Assert.All(ids, id => Assert.NotEqual(RequestState.Failed, _bed.Stored(id)!.State));
        _bed.Cloud.Behaviour.Odds = [];
        _bed.Until(() => ids.All(id => _bed.Stored(id)!.State == RequestState.Fulfilled), "a probe works and all are served");
        Assert.False(Lane(LaneTerms.All)!.IsOpen);
    }

    [Fact]
    public void CreatesOfOneLabelThatFail_LeaveOtherLabelsAlone()
    {
        _bed = new ReloadBed(Config(labels: ["red", "blue"]));
        _bed.Cloud.Behaviour.Odds = [new FakeOdds(FakeOperation.Create, FakeFate.Fails(ProviderFault.CapacityUnavailable), 1)];
        Start();

        var ids = Enumerable.Range(0, 12).Select(_ => Ask()).ToList();
        _bed.Until(() => Lane()?.IsOpen == true, "the breaker opens");
        _bed.Pass(TimeSpan.FromSeconds(60));

        Assert.False(Lane(LaneTerms.All)!.IsOpen);
        Assert.All(ids, id => Assert.NotEqual(RequestState.Failed, _bed.Stored(id)!.State));
    }

    [Fact]
    public void CloudThatIsCalledTooOften_IsAskedInTurns()
    {
        _bed.Cloud.Behaviour.Odds = [new FakeOdds(FakeOperation.Create, FakeFate.Fails(ProviderFault.Throttled), 1)];
        Start();
        var ids = Enumerable.Range(0, 30).Select(_ => Ask()).ToList();
        _bed.Pass(TimeSpan.FromSeconds(90));

        // Each for itself, with the same longest wait, would have asked two hundred and fifty times.
        Assert.InRange(_bed.Cloud.Count(FakeOperation.Create), 30, 100);

        _bed.Cloud.Behaviour.Odds = [];
        _bed.Until(() => ids.All(id => _bed.Stored(id)!.State == RequestState.Fulfilled), "all are served");
    }

    [Fact]
    public void LimitsThatTheCloudDoesNotTell_AreAskedForLessAndLessOften()
    {
        _bed.Cloud.Behaviour.Odds = [new FakeOdds(FakeOperation.Limits, FakeFate.Fails(ProviderFault.Unavailable), 1)];
        Start();
        for (var i = 0; i < 60; i++)
        {
            Ask();
            _bed.Pass(TimeSpan.FromSeconds(5));
        }

        Assert.InRange(_bed.Cloud.Count(FakeOperation.Limits), 5, 16);
    }

    [Fact]
    public void CreatesThatTheCloudRefuses_FailRequests_ThatNobodyElseServes()
    {
        _bed.Cloud.Behaviour.Odds = [new FakeOdds(FakeOperation.Create, FakeFate.Fails(ProviderFault.Rejected), 1)];
        Start();

        var ids = Enumerable.Range(0, 6).Select(_ => Ask()).ToList();

        _bed.Until(() => ids.All(id => _bed.Stored(id)!.State == RequestState.Failed), "all fail");
        Assert.All(ids, id => Assert.Equal(VerdictCode.LaunchFailed.Word(), DeclineReason.Of(Assert.Single(_bed.Stored(id)!.DeclineReasons))!.Code));
    }

    [Fact]
    public void OutageOfAll_EndsARequestAtItsDeadline()
    {
        _bed.Cloud.Behaviour.Odds = [new FakeOdds(FakeOperation.Create, FakeFate.Fails(ProviderFault.CapacityUnavailable), 1)];
        Start();
        var ids = Enumerable.Range(0, 6).Select(_ => Ask()).ToList();
        var begun = _bed.Process.Sources.UnixNow;

        _bed.Until(() => ids.All(id => _bed.Stored(id)!.State == RequestState.Failed), "all fail");

        Assert.All(ids, id => Assert.Contains("deadline", _bed.Stored(id)!.DeclineReasons[^1], StringComparison.Ordinal));
        Assert.InRange(_bed.Process.Sources.UnixNow - begun, 300, 330);
    }

    [Fact]
    public void LaunchThatHangs_IsHandedOver_AndItsNodeIsAnybodys()
    {
        Start();
        for (var i = 0; i < 6; i++)
        {
            Serve();
        }

        _bed.Cloud.Behaviour.Next(FakeOperation.Create, new FakeFate { Boot = TimeSpan.FromSeconds(90) });
        var begun = _bed.Process.Sources.UnixNow;
        var id = Ask();
        _bed.Until(() => _bed.Stored(id)?.State == RequestState.Fulfilled, "it is served by another launch");

        Assert.InRange(_bed.Process.Sources.UnixNow - begun, 15, 40);
        Assert.Equal(["cloud/main"], _bed.Stored(id)!.HandedOver);
        _bed.Until(() => _bed.Feed.Current.Nodes.ById.Values.Any(node => node.Record!.IsIdle), "the late node is idle");
    }

    [Fact]
    public void FailedAttemptForNobody_IsNotRepeated()
    {
        Start();
        for (var i = 0; i < 6; i++)
        {
            Serve();
        }

        _bed.Cloud.Behaviour.Next(FakeOperation.Create, new FakeFate { Boot = TimeSpan.FromSeconds(90), EndsIn = ProviderFault.CapacityUnavailable });
        var id = Ask();
        _bed.Until(() => _bed.Stored(id)?.State == RequestState.Fulfilled, "it is served by another launch");
        var creates = _bed.Cloud.Count(FakeOperation.Create);
        _bed.Pass(TimeSpan.FromSeconds(120));

        Assert.Equal(creates, _bed.Cloud.Count(FakeOperation.Create));
        Assert.DoesNotContain(_bed.Feed.Current.Nodes.ById.Values, node => node.Record!.State is NodeState.Building or NodeState.Failed);
    }

    [Fact]
    public void GovernorOff_NothingIsStoppedOrHandedOver()
    {
        _bed = new ReloadBed(Config(isGoverned: false));
        _bed.Cloud.Behaviour.Odds = [new FakeOdds(FakeOperation.Create, FakeFate.Fails(ProviderFault.CapacityUnavailable), 1)];
        Start();

        var ids = Enumerable.Range(0, 6).Select(_ => Ask()).ToList();

        _bed.Until(() => ids.All(id => _bed.Stored(id)!.State == RequestState.Failed), "all fail");
        Assert.Equal(6 * 2, _bed.Cloud.Count(FakeOperation.Create));
        Assert.Null(Lane());
    }

    private static NodepoolConfig Config(bool isGoverned = true, params string[] labels) => new()
    {
        Labels = [.. Named(labels).Select(name => new LabelConfig { Name = name, LaunchDeadline = TimeSpan.FromMinutes(5) })],
        Providers =
        [
            new ProviderConfig
            {
                Name = "cloud",
                Driver = "fake",
                Options = new FakeOptions(),
                IsGoverned = isGoverned,
                LaunchTimeout = Timeout,
                LaunchRetries = 2,
                Pools =
                [
                    new PoolConfig
                    {
                        Name = "main",
                        Limits = Quota.Of((Quota.Instances, 50)),
                        Labels = [.. Named(labels).Select(name => new PoolLabelConfig { Name = name, HostKeyChecking = false, Options = new FakeLabelOptions(FakeFlavor.All[0]) })],
                    },
                ],
            },
        ],
    };

    private static IEnumerable<string> Named(string[] labels) => labels.DefaultIfEmpty("red");

    private void Start()
    {
        _bed.Cloud.Behaviour.CreateLatency = TimeSpan.FromSeconds(5);
        _bed.StartLauncher();
        _bed.Until(() => _bed.Pool("main") is not null, "the pool runs");
    }

    private string Ask() => Ask("red");

    private string Ask(string label)
    {
        var id = $"200-{_requests++:D10}";
        _bed.Request(id, label);
        return id;
    }

    /// <summary>A request that keeps its node.</summary>
    private void Serve()
    {
        var id = Ask();
        _bed.Until(() => _bed.Stored(id)?.State == RequestState.Fulfilled, "it is served");
    }

    private LaneTerms? Lane(string name = "red") => _bed.Feed.Current.Terms.Values.SingleOrDefault()?.Lanes.TryGetValue(name, out var lane) == true ? lane : null;
}
