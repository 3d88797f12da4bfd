using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Testing;

namespace Nodepool.Tests.Providers.Fake;

public sealed class FakeDriverTests
{
    private const string Bench =
        """
        name: fake-provider
        driver: fake
        cloud: fake
        region-name: fake-region
        rate: 0.0001
        diskimages:
          - name: fake-image
        pools:
          - name: main
            max-servers: 20000
            host-key-checking: false
            labels:
              - name: bench-label
                diskimage: fake-image
                min-ram: 8192
                flavor-name: Fake
        """;

    private readonly FakeDriver _driver = new();
    private readonly Sources _sources = SeededSources.Create(new FakeTimeProvider());

    [Fact]
    public void ReadConfig_OfThePythonFakeDriver_IsUnderstood()
    {
        var (config, problems) = Read(Bench);

        Assert.Empty(problems);
        Assert.Equal("fake-provider", config.Name);
        Assert.Equal(["qcow2"], config.ImageFormats);
        var pool = Assert.Single(config.Pools);
        Assert.Equal(20000, pool.Limits.Amounts[Quota.Instances]);
        var label = Assert.Single(pool.Labels);
        Assert.False(label.HostKeyChecking);
        Assert.Equal(new FakeLabelOptions(FakeFlavor.All[0]), label.Options);
        Assert.Equal(new FakeOptions { Cloud = "fake", Region = "fake-region" }, config.Options);
    }

    [Fact]
    public void ReadConfig_OfAllOpenStackKeys_HasNoComplaint()
    {
        var (_, problems) = Read(
            """
            name: p
            driver: fake
            cloud: fake
            boot-timeout: 120
            launch-timeout: 600
            launch-retries: 2
            image-upload-timeout: 3600
            image-name-format: '{image_name}-{timestamp}'
            clean-floating-ips: true
            port-cleanup-interval: 0
            post-upload-hook: /bin/true
            nodepool-id: x
            image-format: raw
            diskimages: [{name: i, pause: false, meta: {a: b}, config-drive: true, connection-type: ssh}]
            cloud-images: [{name: c, image-name: C, username: u, connection-port: 22}]
            pools:
              - name: main
                networks: [n]
                security-groups: [s]
                auto-floating-ip: false
                ignore-provider-quota: true
                availability-zones: [az1]
                max-cores: 4
                max-volumes: 1
                max-volume-gb: 100
                labels:
                  - {name: l, cloud-image: c, flavor-name: Unreal Flavor, key-name: k, console-log: true, boot-from-volume: true,
                     volume-size: 5, instance-properties: {a: b}, dynamic-instance-properties: {c: d}, userdata: x, networks: [n]}
            """);

        Assert.Empty(problems);
    }

    [Fact]
    public async Task ReadConfig_OfBehaviour_IsAppliedToTheCloud()
    {
        var (config, problems) = Read(
            Bench +
            """

            api-latency: 0.01
            create-latency: 2
            delete-latency: 1.5
            upload-latency: 3
            listing-lag: 4
            quota: {instances: 10, cores: 40}
            faults:
              - {operation: create, fault: throttled, probability: 0.25}
              - {operation: delete-image, fault: lost-answer}
              - {operation: create, fault: ends-in-capacity-unavailable, probability: 0.5}
            """);
        Assert.Empty(problems);

        await using var provider = Open(config);
        var cloud = CloudOf(config);

        Assert.Equal(TimeSpan.FromMilliseconds(10), cloud.Behaviour.ApiLatency);
        Assert.Equal(TimeSpan.FromSeconds(2), cloud.Behaviour.CreateLatency);
        Assert.Equal(TimeSpan.FromSeconds(1.5), cloud.Behaviour.DeleteLatency);
        Assert.Equal(TimeSpan.FromSeconds(3), cloud.Behaviour.UploadLatency);
        Assert.Equal(TimeSpan.FromSeconds(4), cloud.Behaviour.ListingLag);
        Assert.Equal(Quota.Of((Quota.Instances, 10), (Quota.Cores, 40)), cloud.Behaviour.Limits);
        Assert.Equal(
            [
                new(FakeOperation.Create, FakeFate.Fails(ProviderFault.Throttled), 0.25),
                new(FakeOperation.DeleteImage, new() { LosesAnswer = true }, 1),
                new FakeOdds(FakeOperation.Create, new() { EndsIn = ProviderFault.CapacityUnavailable }, 0.5),
            ],
            cloud.Behaviour.Odds);
    }

    [Theory]
    [InlineData("min-ram: 8192", "min-ram: 16384", "no such flavor in the fake cloud; it has 'Fake Flavor' (8192 MiB)")]
    [InlineData("flavor-name: Fake", "flavor-name: Big", "no such flavor in the fake cloud")]
    [InlineData("rate: 0.0001", "faults: [{operation: create, fault: throtled}]", "did you mean 'throttled'?")]
    [InlineData("rate: 0.0001", "faults: [{fault: throttled}]", "'operation' is missing")]
    [InlineData("diskimage: fake-image", "networks: {a: b}", "a list expected, this is a mapping")]
    [InlineData("rate: 0.0001", "create-latency: -1", "a number of seconds from 0")]
    [InlineData("rate: 0.0001", "create_latency: 1", "unknown key 'create_latency'")]
    public void ReadConfig_OfAMistake_NamesItAndTheRemedy(string good, string bad, string message)
    {
        var (_, problems) = Read(Bench.Replace(good, bad, StringComparison.Ordinal));

        Assert.Contains(message, Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "Fake Flavor")]
    [InlineData(4096, null, "Fake Flavor")]
    [InlineData(8192, "Unreal", "Unreal Flavor")]
    [InlineData(null, "Unreal Flavor", "Unreal Flavor")]
    [InlineData(null, "Unreal", null)]
    [InlineData(9000, null, null)]
    public void Flavor_ByRamOrName_IsTheSmallestThatFits(int? ram, string? name, string? expected) =>
        Assert.Equal(expected, FakeFlavor.Find(ram, name)?.Name);

    [Fact]
    public async Task Open_Again_KeepsTheCloudAndWhatWasSetAtRunTime()
    {
        var (config, _) = Read(Bench);
        await using var first = Open(config);
        var cloud = CloudOf(config);
        cloud.Behaviour.CreateLatency = TimeSpan.FromSeconds(7);

        await using var second = Open(config);

        Assert.Same(cloud, CloudOf(config));
        Assert.Equal(TimeSpan.FromSeconds(7), cloud.Behaviour.CreateLatency);
    }

    [Fact]
    public async Task Open_WithOtherOptions_AppliesThem()
    {
        var (config, _) = Read(Bench);
        await using var first = Open(config);

        await using var second = Open(Read(Bench + "\ncreate-latency: 3").Config);

        Assert.Equal(TimeSpan.FromSeconds(3), CloudOf(config).Behaviour.CreateLatency);
    }

    private (ProviderConfig Config, IReadOnlyList<ConfigProblem> Problems) Read(string text)
    {
        var document = ConfigDocument.Parse("np.yaml", text);
        var config = _driver.ReadConfig(document.Root!);
        document.ReportUnknownKeys();
        return (config, document.Problems);
    }

    private IProvider Open(ProviderConfig config) => _driver.Open(config, new DriverContext(_sources, NullLoggerFactory.Instance, "/nowhere"));

    private FakeCloud CloudOf(ProviderConfig config) => _driver.CloudOf(config.Name, _sources);
}
