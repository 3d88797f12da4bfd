using Nodepool.Core.Collections;
using Nodepool.Core.Explaining;
using Nodepool.Core.Model;
using Nodepool.Status;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Explaining;

/// <summary>What an operator is told in typical situations, to the letter: each answer has to be right, short and to say what to do.</summary>
public sealed class TenSituationsTests
{
    private static readonly ValueMap<long> One = new([new("instances", 1)]);

    private readonly ViewFixture _stored = new();
    private PoolTermsRecord _main = new()
    {
        Component = "main",
        Provider = "p",
        Pool = "main",
        Limits = new ValueMap<long>([new("instances", 3)]),
        Labels = new ValueMap<LabelTerms>([new("small", new LabelTerms(One, null)), new("imaged", new LabelTerms(One, "debian"))]),
    };

    [Fact]
    public void PoolIsFull()
    {
        _main = _main with { Limits = new ValueMap<long>([new("instances", 4)]) };
        Busy("1", seconds: 600).Busy("2", seconds: 60)._stored.Node("3", NodeState.Hold).Node("4", NodeState.Ready, "imaged", "200-0").Request("200-0", RequestState.Fulfilled, "imaged");
        Ask("200-1", "small");

        Told(
            "waits, at place 1 of 1",
            """
            p/main on host: quota
              why:   4 of 4 instances of the pool are taken and 1 needed
              taken: 2 in use, 1 ready for its request, 1 held; most for tenant t (2)
              when:  perhaps in 60 s: 1 of 2 nodes have to end, and that is how long the newest of them has been in use
              helps: give nodes back or raise max-servers of pool p/main
            """);
    }

    [Fact]
    public void SomebodyElseIsFirst()
    {
        Busy("1", seconds: 60).Busy("2", seconds: 90);
        Ask("200-1", "small");
        Ask("100-9", "small", "small");

        Told(
            "waits, at place 2 of 2",
            """
            p/main on host: behind
              why:   request 100-9 comes first and waits for room
              taken: 2 in use; most for tenant t (2)
              helps: nodepool explain 100-9
            """);
    }

    [Fact]
    public void NoPoolHasTheLabel()
    {
        Ask("200-1", "exotic");
        _stored.Pool("peer", "q", "main", ["small"]);

        Told(
            "waits, at place 1 of 1; no running pool has label exotic",
            """
            p/main on host: label-absent
              why:   label exotic is not in pool p/main
              helps: add label exotic to pool p/main, or ask for another
            q/main on host: label-absent
              why:   label exotic is not in pool q/main
              helps: add label exotic to pool q/main, or ask for another
            """);
    }

    [Fact]
    public void ImageIsMissing()
    {
        Ask("200-1", "imaged");

        Told(
            "waits, at place 1 of 1",
            """
            p/main on host: image-missing
              why:   image debian is not uploaded to provider p
              helps: nodepool image-status shows how far it is; nodepool image-build debian builds it now
            """);
    }

    [Fact]
    public void NodesAreBeingLaunched()
    {
        _stored.Request("200-1", RequestState.Pending, request => request with { CreatedTime = ViewFixture.Now - 12, TenantName = "t" }, "small", "small")
            .Node("1", NodeState.Building, request: "200-1", change: node => node with { CreatedTime = ViewFixture.Now - 10, Launch = node.Launch! with { Phase = LaunchPhase.Scan } })
            .Node("2", NodeState.Ready, request: "200-1", change: node => node with { CreatedTime = ViewFixture.Now - 40 });

        Told(
            "has 1 of 2 nodes ready: node 1 has booted, its ssh is waited for",
            """
            p/main on host: launching
              why:   has 1 of 2 nodes ready: node 1 has booted, its ssh is waited for
              when:  perhaps in 30 s: nodes of label small that are ready here now took 40 s (middle of 1)
            """);
    }

    [Fact]
    public void TenantIsAtItsLimit()
    {
        _main = _main with { Tenants = new ValueMap<TenantTerms>([new("t", new TenantTerms(new ValueMap<long>([new("instances", 2)]), 1))]) };
        Busy("1", seconds: 300).Busy("2", seconds: 20);
        Ask("200-1", "small");

        Told(
            "waits, at place 1 of 1",
            """
            p/main on host: tenant-limit
              why:   2 of 2 instances of tenant t are taken and 1 needed
              taken: 2 in use; most for tenant t (2)
              when:  perhaps in 20 s: 1 of 2 nodes have to end, and that is how long the newest of them has been in use
              helps: give nodes back or raise max-servers of tenant t
            """);
    }

    [Fact]
    public void CloudSaysQuota()
    {
        _main = _main with { ClosedUntil = ViewFixture.Now + 20 };
        Ask("200-1", "small");

        Told(
            "waits, at place 1 of 1",
            """
            p/main on host: cloud-quota
              why:   the cloud has said that its quota is used up; it is asked again in a moment
              helps: give nodes back, remove what else uses the quota (nodepool alien-list p), or have it raised
            """);
    }

    [Fact]
    public void NoLauncherIsRunning()
    {
        Ask("200-1", "small");

        Told("waits for a launcher: none is running; nodepool launcher starts one", "", isRunning: false);
    }

    [Fact]
    public void AnotherProviderIsWanted()
    {
        _stored.Pool("peer", "q", "main", ["small"]).Request("200-1", RequestState.Requested, request => request with { CreatedTime = ViewFixture.Now - 12, TenantName = "t", Provider = "q" }, "small");

        Told(
            "waits, at place 1 of 1",
            """
            p/main on host: left-to-others
              why:   is left to pool q/main, which is of the provider that it asks for
            q/main on host: unknown
              why:   is run by another program, which does not say why
            """);
    }

    [Fact]
    public void RequestHasFailed()
    {
        _stored.Request(
            "200-1",
            RequestState.Failed,
            request => request with
            {
                CreatedTime = ViewFixture.Now - 12,
                TenantName = "t",
                DeclinedBy = ["main", "gone"],
                DeclineReasons = ["p/main too-large: needs 4 instances, and pool p/main may have 3", "q/main label-absent: label small is not in pool q/main"],
            },
            "small");

        Told(
            "has failed: no pool could serve it",
            """
            p/main: too-large
              why:   needs 4 instances, and pool p/main may have 3
              helps: ask for less, or raise that limit
            q/main: label-absent
              why:   label small is not in pool q/main
              helps: add the label to pool q/main, or ask for another
            """);
    }

    /// <summary>And one more: launches are limited over the provider.</summary>
    [Fact]
    public void EnoughIsBeingLaunched()
    {
        _main = _main with { MaxConcurrency = 1 };
        _stored.Node("1", NodeState.Building, request: "200-0").Request("200-0", RequestState.Pending, "small");
        Ask("200-1", "small");

        Told(
            "waits, at place 1 of 1",
            """
            p/main on host: max-concurrency
              why:   launches under way at the provider: 1; max-concurrency: 1
              helps: wait for these launches, or raise max-concurrency of provider p
            """);
    }

    /// <summary>And one more: the pool that has accepted it has gone.</summary>
    [Fact]
    public void ItsPoolWasTakenAway()
    {
        _stored.Node("1", NodeState.Building, request: "200-1", change: node => node with { Provider = "gone" });
        _stored.Request("200-1", RequestState.Pending, request => request with { CreatedTime = ViewFixture.Now - 12, TenantName = "t" }, "small");

        Told(
            "has 0 of 1 nodes ready: node 1 is being made",
            """
            p/main on host: lost
              why:   pool gone/main has accepted it, but no launcher runs that pool; it waits for any pool again once its nodes have gone or another pool can serve it
              helps: start a launcher that has pool gone/main; when its cloud is gone for good: nodepool erase gone
            """);
    }

    [Fact]
    public void LaunchesFailAltogether()
    {
        _main = _main with { Lanes = new ValueMap<LaneTerms>([new("small", new LaneTerms { OpenSince = ViewFixture.Now - 300, TrippedAt = ViewFixture.Now - 2, ProbeAt = ViewFixture.Now + 17.4, Failure = "server 7 ended in ERROR: No valid host was found" })]) };
        Ask("200-1", "small");

        Told(
            "waits, at place 1 of 1",
            """
            p/main on host: breaker-open
              why:   launches of label small fail; the next one is tried in 18 s; last failure: server 7 ended in ERROR: No valid host was found
              helps: see the failure; launches begin again by themselves as soon as one of them works
            """);
    }

    [Fact]
    public void CloudTakesNoMoreAtOnce()
    {
        _main = _main with { Lanes = new ValueMap<LaneTerms>([new(LaneTerms.All, new LaneTerms { Limit = 1 })]) };
        _stored.Node("1", NodeState.Building, request: "200-0").Request("200-0", RequestState.Pending, "small");
        Ask("200-1", "small");

        Told(
            "waits, at place 1 of 1",
            """
            p/main on host: governed
              why:   launches under way: 1; the cloud does not take more than 1 at once well
            """);
    }

    private TenSituationsTests Busy(string id, double seconds)
    {
        _stored.Node(id, NodeState.InUse, change: node => node with { StateTime = ViewFixture.Now - seconds, TenantName = "t" }).Lock(id);
        return this;
    }

    private void Ask(string id, params string[] labels) =>
        _stored.Request(id, RequestState.Requested, request => request with { CreatedTime = ViewFixture.Now - 12, TenantName = "t" }, labels);

    private void Told(string summary, string pools, bool isRunning = true)
    {
        if (isRunning)
        {
            _stored.Pool("main", "p", "main", ["small", "imaged"]).Put(NodepoolPaths.NewPoolTerms + "0000000001", _main.Write());
        }

        var explanation = RequestExplainer.Of(_stored.View, "200-1", ViewFixture.Now);

        var text = ExplanationText.Of(explanation!, ViewFixture.Now).Split('\n', 3);
        Assert.Equal($"request 200-1, {string.Join(",", explanation!.Record.NodeTypes)}, asked for by zuul for tenant t 12 s ago:", text[0]);
        Assert.Equal("  " + summary, text[1]);
        Assert.Equal(pools, text.Length < 3 ? "" : text[2]);
    }
}
