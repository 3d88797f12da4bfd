using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Providers.Gce;
using Nodepool.Tests.Providers.Clouds;

namespace Nodepool.Tests.Providers.Gce;

public sealed class GceSectionTests
{
    private const string Small =
        """
        name: p
        driver: gce
        project: acme
        region: us-central1
        zone: us-central1-a
        cloud-images: [{name: c, image-id: i}]
        pools: [{name: main, labels: [{name: l, cloud-image: c, instance-type: f1-micro}]}]
        """;

    internal const string Whole =
        """
        name: p
        driver: gce
        project: acme
        region: us-central1
        zone: us-central1-a
        boot-timeout: 90
        launch-timeout: 600
        launch-retries: 5
        rate: 4
        cloud-images:
          - {name: id, image-id: i, username: u, key: ssh-rsa A, python-path: /py, shell-type: cmd, connection-type: winrm, connection-port: 5985}
          - {name: family, image-project: ubuntu-os-cloud, image-family: jammy}
        pools:
          - name: main
            max-servers: 3
            network: global/networks/n
            subnetwork: s
            use-internal-ip: true
            host-key-checking: false
            labels:
              - {name: l, cloud-image: id, instance-type: f1-micro, volume-type: pd-ssd, volume-size: 80}
        """;

    [Fact]
    public void ReadConfig_OfAllKeys_IsUnderstood()
    {
        var config = ProviderFile.Read(Whole, "l");

        Assert.Equal(new GceOptions("acme", "us-central1", "us-central1-a"), config.Options);
        Assert.Equal((0.25, 90, 600, 5), (config.CallInterval.TotalSeconds, config.BootTimeout.TotalSeconds, config.LaunchTimeout.TotalSeconds, config.LaunchRetries));
        Assert.Empty(config.ImageFormats);
        Assert.Equal(
            [
                new()
                {
                    Name = "id",
                    Login = new() { Username = "u", ConnectionType = "winrm", ConnectionPort = 5985, PythonPath = "/py", ShellType = "cmd" },
                    Options = new GceCloudImageOptions(new GceImageChoice.ById("i"), "ssh-rsa A"),
                },
                new CloudImageConfig { Name = "family", Options = new GceCloudImageOptions(new GceImageChoice.NewestOfFamily("ubuntu-os-cloud", "jammy"), null) },
            ],
            config.CloudImages);
        Assert.Equal(
            new PoolConfig
            {
                Name = "main",
                Limits = Quota.Of((Quota.Instances, 3)),
                Options = new GcePoolOptions { Network = "global/networks/n", Subnetwork = "s", UseInternalIp = true },
                Labels = [new() { Name = "l", CloudImage = "id", HostKeyChecking = false, Options = new GceLabelOptions("f1-micro", "pd-ssd", 80) }],
            },
            Assert.Single(config.Pools));
    }

    [Theory]
    [InlineData("priority: 1", 1)]
    [InlineData("rate: 4", 0.25)]
    [InlineData("rate-limit: 5", 0.2)]
    public void ReadConfig_EitherSpellingOfTheRate_Counts(string line, double seconds) =>
        Assert.Equal(seconds, ProviderFile.Read(ProviderFile.With(Small, "project: acme", $"project: acme\n{line}"), "l").CallInterval.TotalSeconds);

    [Fact]
    public void ReadConfig_OnlyWhatMustBe_GivesTheDocumentedDefaults()
    {
        var config = ProviderFile.Read(Small, "l");

        Assert.Equal((60, 3600, 3), (config.BootTimeout.TotalSeconds, config.LaunchTimeout.TotalSeconds, config.LaunchRetries));
        Assert.Equal(new GcePoolOptions(), config.Pools[0].Options);
        Assert.Equal(new PoolLabelConfig { Name = "l", CloudImage = "c", Options = new GceLabelOptions("f1-micro", "pd-standard", 10) }, config.Pools[0].Labels[0]);
    }

    [Theory]
    [InlineData("zone: us-central1-a", "rate: 1\nrate-limit: 1", "2:3: error: providers[0].zone: 'zone' is missing", "7:15: error: providers[0].rate-limit: 'rate' and 'rate-limit' mean the same; keep 'rate'")]
    [InlineData("zone: us-central1-a", "zone: us-central1-a\ndiskimages: [{name: d}]", "7:3: error: providers[0].diskimages: unknown key 'diskimages'")]
    [InlineData("image-id: i", "image-id: i, image-family: f, image-project: p", "7:55: error: providers[0].cloud-images[0].image-family: 'image-id' and 'image-family' exclude each other; keep one of them")]
    [InlineData("image-id: i", "image-family: f", "7:18: error: providers[0].cloud-images[0].image-project: 'image-project' is missing")]
    [InlineData("image-id: i", "image-project: p", "7:18: error: providers[0].cloud-images[0].image-family: 'image-family' is missing")]
    [InlineData("name: c, image-id: i", "name: c", "7:18: error: providers[0].cloud-images[0]: 'image-id' or 'image-family' is missing")]
    [InlineData("cloud-image: c", "diskimage: d", "8:54: error: providers[0].pools[0].labels[0].diskimage: the driver 'gce' takes no images of ours; use 'cloud-image'")]
    [InlineData("cloud-image: c", "cloud-image: cc", "8:56: error: providers[0].pools[0].labels[0].cloud-image: the provider 'p' has no 'cc' in its 'cloud-images' (cloud-images here: c); add it there")]
    [InlineData("cloud-image: c, instance-type: f1-micro", "volume-size: big", "8:33: error: providers[0].pools[0].labels[0].cloud-image: 'cloud-image' is missing", "8:33: error: providers[0].pools[0].labels[0].instance-type: 'instance-type' is missing", "8:56: error: providers[0].pools[0].labels[0].volume-size: a whole number of at least 1 expected, found 'big'")]
    public void ReadConfig_OfAMistake_SaysWhereAndWhat(string good, string bad, params string[] expected) =>
        Assert.Equal(expected, ProviderFile.Problems(ProviderFile.With(Small, good, bad), "l"));
}
