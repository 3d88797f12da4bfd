using System.Diagnostics.Metrics;
using Nodepool.Core.Collections;
using Nodepool.Core.Launching.Governing;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Metrics;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching.Governing;

public sealed class GovernorInstrumentsTests
{
    [Fact]
    public void Metrics_TellOfTheLanesOfAllPools()
    {
        var terms = new PoolTermsRecord
        {
            Component = "me",
            Provider = "p",
            Pool = "main",
            Lanes = new ValueMap<LaneTerms>([new(LaneTerms.All, new LaneTerms { Limit = 7 }), new("small", new LaneTerms { OpenSince = 1, ProbeAt = 2, TrippedAt = 1, Patience = 93 })]),
        };
        ClusterView? view = null;
        using var meter = new Meter("test");
        using var collector = new MetricCollector(meter);
        _ = new GovernorInstruments(meter, () => view);
        Assert.DoesNotContain("{", collector.Write(), StringComparison.Ordinal);

        view = new ViewFixture().Put(NodepoolPaths.NewPoolTerms + "0000000001", terms.Write()).View;

        var lines = collector.Write().Split('\n');
        Assert.Contains("nodepool_governor_limit{provider=\"p\",pool=\"main\",label=\"*\"} 7", lines);
        Assert.Contains("nodepool_governor_breaker_open{provider=\"p\",pool=\"main\",label=\"*\"} 0", lines);
        Assert.Contains("nodepool_governor_breaker_open{provider=\"p\",pool=\"main\",label=\"small\"} 1", lines);
        Assert.Contains("nodepool_governor_patience_seconds{provider=\"p\",pool=\"main\",label=\"small\"} 93", lines);
    }
}
