using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Config.Templates;
using Nodepool.Providers.OpenStack;

namespace Nodepool.Tests.Providers.OpenStack;

public sealed class OpenStackSchemaTests
{
    private const string Small =
        """
        name: p
        cloud: acme
        diskimages: [{name: d}]
        cloud-images: [{name: c}]
        pools: [{name: main, networks: [n], labels: [{name: l, diskimage: d, min-ram: 1}]}]
        """;

    [Fact]
    public void ReadConfig_OfAllProviderKeys_IsUnderstood()
    {
        var (config, problems) = Read(
            """
            name: p
            driver: openstack
            cloud: acme
            region-name: one
            rate: 0.001
            boot-timeout: 120
            launch-timeout: 600
            launch-retries: 2
            max-concurrency: 10
            priority: 5
            image-upload-timeout: 7200
            image-name-format: '{image_name}-{upload_id}'
            image-format: raw
            clean-floating-ips: true
            port-cleanup-interval: 0
            post-upload-hook: hooks/after
            nodepool-id: x
            diskimages:
              - {name: d, pause: yes, meta: {os: linux}, config-drive: no, connection-type: winrm}
            cloud-images:
              - {name: a, image-id: 5, username: ci, python-path: /py, shell-type: sh, connection-type: network_cli, connection-port: 830}
              - {name: b, image-name: B, config-drive: yes}
              - {name: c}
            pools: []
            """);

        Assert.Empty(problems);
        Assert.Equal(
            new OpenStackOptions
            {
                Cloud = "acme",
                Region = "one",
                ImageUploadTimeout = TimeSpan.FromHours(2),
                ImageName = FormatTemplate.Parse("{image_name}-{upload_id}", FormatVocabulary.ImageName),
                CleanFloatingIps = true,
                PortCleanupInterval = TimeSpan.Zero,
            },
            config.Options);
        Assert.Equal((TimeSpan.FromMilliseconds(1), "/etc/nodepool/hooks/after"), (config.CallInterval, config.PostUploadHook));
        Assert.Equal(["raw"], config.ImageFormats);
        Assert.Equal((2, 10, 5), (config.LaunchRetries, config.MaxConcurrency, config.Priority));
        var image = Assert.Single(config.DiskImages);
        Assert.Equal((true, 5986, "linux"), (image.Pause, image.Login.ConnectionPort, image.Meta["os"]));
        Assert.Equal(new OpenStackDiskImageOptions(false), image.Options);
        Assert.Equal(
            [
                new()
                {
                    Name = "a",
                    Login = new() { Username = "ci", PythonPath = "/py", ShellType = "sh", ConnectionType = "network_cli", ConnectionPort = 830 },
                    Options = new OpenStackCloudImageOptions("5", null, null),
                },
                new() { Name = "b", Options = new OpenStackCloudImageOptions(null, "B", true) },
                new CloudImageConfig { Name = "c", Options = new OpenStackCloudImageOptions(null, null, null) },
            ],
            config.CloudImages);
    }

    [Fact]
    public void ReadConfig_OfAllPoolAndLabelKeys_IsUnderstood()
    {
        var (config, problems) = Read(
            """
            name: p
            cloud: acme
            diskimages: [{name: d}]
            pools:
              - name: main
                max-servers: 9
                max-cores: 36
                max-ram: 73728
                max-volumes: 4
                max-volume-gb: 400
                networks: [public]
                security-groups: [ssh]
                auto-floating-ip: no
                host-key-checking: no
                ignore-provider-quota: yes
                availability-zones: [a, b]
                node-attributes: {executor-zone: z}
                labels:
                  - name: l
                    diskimage: d
                    min-ram: 8192
                    flavor-name: Perf
                    key-name: keys
                    console-log: yes
                    boot-from-volume: yes
                    volume-size: 80
                    instance-properties: {team: infra}
                    dynamic-instance-properties: {tenant: '{request.tenant_name}'}
                    userdata: |
                      #cloud-config
                    networks: [private]
                    host-key-checking: yes
                  - {name: m, diskimage: d, flavor-name: Big}
            """);

        Assert.Empty(problems);
        var pool = Assert.Single(config.Pools);
        Assert.Equal(
            Quota.Of((Quota.Instances, 9), (Quota.Cores, 36), (Quota.Ram, 73728), (Quota.Volumes, 4), (Quota.VolumeGb, 400)), pool.Limits);
        Assert.Equal(
            new OpenStackPoolOptions
            {
                Networks = ["public"],
                SecurityGroups = ["ssh"],
                AutoFloatingIp = false,
                AvailabilityZones = ["a", "b"],
            },
            pool.Options);
        Assert.True(pool.IgnoresProviderLimits);
        var full = pool.FindLabel("l")!;
        Assert.Equal((true, true), (full.HostKeyChecking, full.ConsoleLog));
        Assert.Equal(
            new OpenStackLabelOptions
            {
                Flavor = new(8192, "Perf"),
                KeyName = "keys",
                BootFromVolume = true,
                VolumeSize = 80,
                InstanceProperties = new([new("team", "infra")]),
                DynamicInstanceProperties = new([new("tenant", FormatTemplate.Parse("{request.tenant_name}", FormatVocabulary.Request))]),
                UserData = new("#cloud-config\n"),
                Networks = ["private"],
            },
            full.Options);
        Assert.False(pool.FindLabel("m")!.HostKeyChecking);
        Assert.Equal(new OpenStackLabelOptions { Flavor = new(null, "Big"), Networks = ["public"] }, pool.FindLabel("m")!.Options);
    }

    [Fact]
    public void ReadConfig_OfTheLeast_HasDocumentedDefaults()
    {
        var (config, problems) = Read(Small);

        Assert.Empty(problems);
        Assert.Equal("openstack", config.Driver);
        Assert.Equal((60, 3600, 3), (config.BootTimeout.TotalSeconds, config.LaunchTimeout.TotalSeconds, config.LaunchRetries));
        var options = Assert.IsType<OpenStackOptions>(config.Options);
        Assert.Equal((1, 3600, 600), (config.CallInterval.TotalSeconds, options.ImageUploadTimeout.TotalSeconds, options.PortCleanupInterval.TotalSeconds));
        Assert.False(options.CleanFloatingIps);
        Assert.Equal("{image_name}-{timestamp}", options.ImageName.ToString());
        Assert.Equal(["qcow2"], config.ImageFormats);
    }

    [Theory]
    [InlineData("cloud: acme", "driver: openstack", "1:1: error: cloud: 'cloud' is missing")]
    [InlineData("diskimage: d", "networks: [m]", "5:46: error: pools[0].labels[0]: 'diskimage' or 'cloud-image' is missing")]
    [InlineData("diskimage: d", "diskimage: d, cloud-image: c", "5:83: error: pools[0].labels[0].cloud-image: 'diskimage' and 'cloud-image' exclude each other; keep one of them")]
    [InlineData("min-ram: 1", "key-name: k", "5:46: error: pools[0].labels[0]: 'min-ram' or 'flavor-name' is missing")]
    [InlineData("min-ram: 1", "min-ram: 8G", "5:79: error: pools[0].labels[0].min-ram: a whole number of at least 0 expected, found '8G'")]
    [InlineData("min-ram: 1", "min-ram: 1, volume-size: 5", "5:95: warning: pools[0].labels[0].volume-size: has no effect without 'boot-from-volume: yes'")]
    [InlineData(
        "labels: [{name: l, diskimage: d, min-ram: 1}]",
        "max-ram: 4096, labels: [{name: l, diskimage: d, min-ram: 8192}]",
        "5:94: warning: pools[0].labels[0].min-ram: a node of this label needs 8192, more than the 4096 of ram that the pool may have, so it is never launched here")]
    [InlineData(
        "labels: [{name: l, diskimage: d, min-ram: 1}]",
        "max-volume-gb: 40, labels: [{name: l, diskimage: d, min-ram: 1, boot-from-volume: yes}]",
        "5:65: warning: pools[0].labels[0].volume-size: a node of this label needs 50, more than the 40 of volume-gb that the pool may have, so it is never launched here")]
    [InlineData(
        "labels: [{name: l, diskimage: d, min-ram: 1}]",
        "max-volumes: 0, labels: [{name: l, diskimage: d, min-ram: 1, boot-from-volume: yes}]",
        "5:116: warning: pools[0].labels[0].boot-from-volume: the pool may have no volumes, see 'max-volumes', so this label is never launched here")]
    [InlineData("min-ram: 1", "boot-from-volume: ture, min-ram: 1", "5:88: error: pools[0].labels[0].boot-from-volume: yes or no expected, found 'ture' (did you mean 'true'?)")]
    [InlineData("min-ram: 1", "min-ram: 1, boot-from-volume: yes, volume-size: 0", "5:118: error: pools[0].labels[0].volume-size: a whole number of at least 1 expected, found '0'")]
    [InlineData("name: c}", "name: c, image-id: 1, image-name: x}", "4:51: error: cloud-images[0].image-name: 'image-id' and 'image-name' exclude each other; keep one of them")]
    [InlineData("name: c}", "name: c, image_id: 1}", "4:26: error: cloud-images[0].image_id: unknown key 'image_id' (did you mean 'image-id'?)")]
    [InlineData("cloud: acme", "cloud: acme\nrate: -1", "3:7: error: rate: a number of seconds from 0 to 3153600000 expected, found '-1'")]
    [InlineData("cloud: acme", "cloud: acme\napi-timeout: 60", "3:14: warning: api-timeout: has no effect; give 'api_timeout' in clouds.yaml")]
    [InlineData("cloud: acme", "cloud: acme\nimage-name-format: '{image}'", "3:20: error: image-name-format: no field 'image' at character 1 (did you mean 'image_name'?); write '{{' for a brace")]
    [InlineData(
        "min-ram: 1",
        "min-ram: 1, dynamic-instance-properties: {a: x, b: '{request.tenat_name}'}",
        "5:121: error: pools[0].labels[0].dynamic-instance-properties.b: no field 'request.tenat_name' at character 1 (did you mean 'request.tenant_name'?); write '{{' for a brace")]
    public void ReadConfig_OfAMistake_SaysWhereAndWhat(string good, string bad, string expected)
    {
        var (_, problems) = Read(Small.Replace(good, bad, StringComparison.Ordinal));

        Assert.Equal("np.yaml:" + expected, Assert.Single(problems).ToString());
    }

    [Fact]
    public void ReadConfig_OfTheSpellingsOfTheFirstYears_IsUnderstood()
    {
        var (config, problems) = Read(Small.Replace("min-ram: 1", "min-ram: 8000, name-filter: A1.8", StringComparison.Ordinal) + "\nimage-name-format: 'a-{image.name}'");

        Assert.Empty(problems);
        Assert.Equal(new OpenStackLabelOptions { Flavor = new(8000, "A1.8"), Networks = ["n"] }, config.Pools[0].FindLabel("l")!.Options);
        Assert.Equal("a-{image_name}", Assert.IsType<OpenStackOptions>(config.Options).ImageName.ToString());
    }

    [Theory]
    [InlineData("", "vhd")]
    [InlineData("\nimage-format: raw", "raw")]
    public void ReadConfig_OfImageFormat_PrefersTheSectionOverTheCloud(string line, string expected)
    {
        var schema = new OpenStackSchema(cloud => cloud == "acme" ? "vhd" : null);

        Assert.Equal([expected], schema.ReadConfig(ConfigDocument.Parse("np.yaml", Small + line).Root!).ImageFormats);
    }

    private static (ProviderConfig Config, IReadOnlyList<ConfigProblem> Problems) Read(string text)
    {
        var document = ConfigDocument.Parse("np.yaml", text, directory: "/etc/nodepool");
        var config = new OpenStackSchema().ReadConfig(document.Root!);
        document.ReportUnknownKeys();
        return (config, document.Problems);
    }
}
