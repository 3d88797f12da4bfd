using System.Diagnostics.Metrics;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Following;
using Nodepool.Metrics;
using Nodepool.Tests.Config;

namespace Nodepool.Tests.Metrics;

public sealed class MetricCollectorTests : IDisposable
{
    private readonly Meter _meter = new("Nodepool");
    private readonly MetricCollector _collector;

    public MetricCollectorTests() => _collector = new MetricCollector(_meter);

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Configuration_IsTold()
    {
        var source = new ConfigPublisher(new NodepoolConfig());
        var instruments = new ConfigInstruments(_meter, source);
        source.Publish(new NodepoolConfig { ImagesDir = "/a" });
        source.Refuse(new ConfigFailure(DateTimeOffset.UnixEpoch, ConfigSamples.Read("labels: 5")));
        instruments.Reloaded("applied");
        instruments.Reloaded("refused");
        instruments.Reloaded("refused");

        Assert.Equal(
            """
            # HELP nodepool_config_refused 1 while the newest version of the configuration files is refused and an older one is in force.
            # TYPE nodepool_config_refused gauge
            nodepool_config_refused 1
            # HELP nodepool_config_reloads_total Versions of the configuration files that were read while the process ran, by what became of them.
            # TYPE nodepool_config_reloads_total counter
            nodepool_config_reloads_total{result="applied"} 1
            nodepool_config_reloads_total{result="refused"} 2
            # HELP nodepool_config_revision Revision of the configuration in force, 1 for the first of the process.
            # TYPE nodepool_config_revision gauge
            nodepool_config_revision 2

            """,
            _collector.Write());
    }

    [Fact]
    public void LabelsAndHelp_AreEscaped()
    {
        _meter.CreateCounter<long>("a.b", description: "one\\two\nthree \"four\"").Add(1, new KeyValuePair<string, object?>("x-y", "one\\two\nthree \"four\""));

        Assert.Equal(
            """
            # HELP a_b_total one\\two\nthree "four"
            # TYPE a_b_total counter
            a_b_total{x_y="one\\two\nthree \"four\""} 1

            """,
            _collector.Write());
    }

    [Fact]
    public void Histogram_IsASummary_GaugeIsTheLastValue()
    {
        var seconds = _meter.CreateHistogram<double>("seconds");
        seconds.Record(0.5);
        seconds.Record(2);
        var level = _meter.CreateGauge<int>("level");
        level.Record(7);
        level.Record(3);

        var lines = _collector.Write().Split('\n');

        Assert.Equal(["level 3", "seconds_sum 2.5", "seconds_count 2"], lines.Where(line => line.Length > 0 && line[0] != '#'));
        Assert.Contains("# TYPE seconds summary", lines);
    }

    [Fact]
    public void OtherMeters_OfTheSameName_AreNotMixedIn()
    {
        using var other = new Meter("Nodepool");
        other.CreateCounter<long>("foreign").Add(1);

        Assert.Equal("", _collector.Write());
    }
}
