using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Providers.Metastatic;

namespace Nodepool.Tests.Providers.Metastatic;

public sealed class MetastaticSectionTests
{
    [Fact]
    public void Read_OfAllKeys_IsUnderstood()
    {
        var (config, problems) = Read(
            """
            name: m
            driver: metastatic
            boot-timeout: 30
            launch-timeout: 300
            launch-retries: 1
            rate: 4
            pools:
              - name: main
                max-servers: 20
                priority: 3
                host-key-checking: yes
                node-attributes: {executor-zone: z}
                labels:
                  - {name: small, backing-label: big, max-parallel-jobs: 4, grace-time: 120, min-retention-time: 600, max-age: 3600, host-key-checking: no}
                  - {name: plain, backing-label: other}
            """);

        Assert.Empty(problems);
        Assert.True(config.IsBacked);
        Assert.Empty(config.ImageFormats);
        var pool = Assert.Single(config.Pools);
        Assert.Equal((20, 3, "z"), (pool.Limits.Amounts[Quota.Instances], pool.Priority, pool.NodeAttributes["executor-zone"]));
        Assert.Equal(
            [
                new()
                {
                    Name = "small",
                    HostKeyChecking = false,
                    Backing = new BackingRule
                    {
                        Label = "big",
                        Slots = 4,
                        GraceTime = TimeSpan.FromMinutes(2),
                        MinRetentionTime = TimeSpan.FromMinutes(10),
                        MaxAge = TimeSpan.FromHours(1),
                    },
                },
                new PoolLabelConfig { Name = "plain", HostKeyChecking = true, Backing = new BackingRule { Label = "other" } },
            ],
            pool.Labels);
    }

    [Fact]
    public void Read_OfTheLeast_HasDocumentedDefaults()
    {
        var (config, problems) = Read("name: m\ndriver: metastatic\npools: [{name: main, labels: [{name: a, backing-label: b}]}]");

        Assert.Empty(problems);
        Assert.Equal((120, 3600, 3), (config.BootTimeout.TotalSeconds, config.LaunchTimeout.TotalSeconds, config.LaunchRetries));
        var label = Assert.Single(config.Pools[0].Labels);
        Assert.False(label.HostKeyChecking);
        var options = label.Backing!;
        Assert.Equal((1, 60, 0, null), (options.Slots, options.GraceTime.TotalSeconds, options.MinRetentionTime.TotalSeconds, options.MaxAge));
    }

    [Theory]
    [InlineData("{name: a}", "36: error: pools[0].labels[0].backing-label: 'backing-label' is missing")]
    [InlineData("{name: a, backing-label: a}", "61: error: pools[0].labels[0].backing-label: a label cannot be made of itself; name the label of the bigger nodes")]
    [InlineData("{name: a, backing-label: b, max-parallel-jobs: 0}", "83: error: pools[0].labels[0].max-parallel-jobs: a whole number of at least 1 expected, found '0'")]
    [InlineData(
        "{name: a, backing-label: b, max-age: 60, min-retention-time: 120}",
        "73: error: pools[0].labels[0].max-age: the nodes are kept for 120 seconds at least, see 'min-retention-time', so they cannot end after 60")]
    [InlineData(
        "{name: a, backing-label: b, grace-time: 3600, max-age: 60}",
        "76: warning: pools[0].labels[0].grace-time: longer than 'max-age', so an empty node is not kept for it: it is too old before")]
    [InlineData(
        "{name: a, backing-label: b}, {name: c, backing-label: b, max-parallel-jobs: 2}",
        "90: error: pools[0].labels[1].backing-label: 'c' and 'a' share the nodes of 'b', so these must have the same settings in both: "
            + "max-parallel-jobs, grace-time, min-retention-time, max-age")]
    [InlineData("{name: a, backing-label: b, diskimage: d}", "64: error: pools[0].labels[0].diskimage: unknown key 'diskimage' (known here: backing-label, grace-time, host-key-checking, max-age, max-parallel-jobs, min-retention-time, name)")]
    public void Read_OfAMistake_SaysWhereAndWhat(string labels, string expected)
    {
        var (_, problems) = Read($"name: m\ndriver: metastatic\npools: [{{name: main,      labels: [{labels}]}}]");

        Assert.Equal("np.yaml:3:" + expected, Assert.Single(problems).ToString());
    }

    private static (ProviderConfig Config, IReadOnlyList<ConfigProblem> Problems) Read(string text)
    {
        var document = ConfigDocument.Parse("np.yaml", text);
        var config = MetastaticSection.Read(document.Root!);
        document.ReportUnknownKeys();
        return (config, document.Problems);
    }
}
