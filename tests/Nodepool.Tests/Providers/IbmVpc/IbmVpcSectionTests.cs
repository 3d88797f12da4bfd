using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Providers.IbmVpc;
using Nodepool.Tests.Providers.Clouds;

namespace Nodepool.Tests.Providers.IbmVpc;

public sealed class IbmVpcSectionTests
{
    private const string Small =
        """
        name: p
        driver: ibmvpc
        vpc: ci
        region: us-south
        zone: us-south-1
        subnet: s
        object-storage: {instance-name: i, endpoint: e, bucket-name: b}
        cloud-images: [{name: c, username: u, image-id: i}]
        diskimages: [{name: d, operating-system: debian-12-amd64}]
        pools: [{name: main, labels: [{name: l, cloud-image: c, profile: bx2-2x8}]}]
        """;

    internal const string Whole =
        """
        name: p
        driver: ibmvpc
        vpc: ci
        region: us-south
        zone: us-south-1
        subnet: s
        quota: {instances: 10, cores: 40, ram: 4096}
        public-ipv4: true
        use-internal-ip: true
        host-key-checking: false
        rate: 2
        boot-timeout: 90
        launch-timeout: 600
        launch-retries: 5
        credentials-file: ibm.env
        image-format: vhd
        object-storage: {instance-name: i, endpoint: https://e, bucket-name: b}
        post-upload-hook: /bin/true
        cloud-images:
          - {name: href, username: u, keys: [k1, k2], image-href: https://i, connection-type: winrm, connection-port: 5985, python-path: /py, shell-type: cmd}
          - {name: id, username: u, image-id: i}
          - {name: name, username: u, image-name: n}
          - name: filter
            username: u
            image-filter:
              operating-system: {architecture: amd64, dedicated-host-only: false, display-name: D, family: F, href: H, name: N, vendor: V, version: 12}
              owner-type: provider
              status: available
        diskimages: [{name: d, operating-system: debian-12-amd64, pause: true, connection-type: ssh, connection-port: 2222, python-path: /p, shell-type: sh}]
        pools:
          - name: main
            max-servers: 3
            zone: us-south-2
            subnet: t
            public-ipv4: false
            use-internal-ip: false
            host-key-checking: true
            labels:
              - {name: l, cloud-image: href, profile: bx2-2x8, user-data: hunter2}
              - {name: m, diskimage: d, profile: bx2-4x16}
          - name: second
            labels: []
        """;

    [Fact]
    public void ReadConfig_OfAllKeys_IsUnderstood()
    {
        var config = ProviderFile.Read(Whole, "l", "m");

        Assert.Equal(
            new IbmVpcOptions
            {
                Vpc = "ci",
                Region = "us-south",
                Limits = Quota.Of((Quota.Instances, 10), (Quota.Cores, 40), (Quota.Ram, 4096)),
                CredentialsFile = "/etc/nodepool/ibm.env",
                ObjectStorage = new("i", "https://e", "b"),
            },
            config.Options);
        Assert.Equal((0.5, 90, 600, 5), (config.CallInterval.TotalSeconds, config.BootTimeout.TotalSeconds, config.LaunchTimeout.TotalSeconds, config.LaunchRetries));
        Assert.Equal("/bin/true", config.PostUploadHook);
        Assert.Equal(["vhd"], config.ImageFormats);
        var system = new IbmVpcOperatingSystem
        {
            Architecture = "amd64",
            DedicatedHostOnly = false,
            DisplayName = "D",
            Family = "F",
            Href = "H",
            Name = "N",
            Vendor = "V",
            Version = "12",
        };
        Assert.Equal(
            [
                new(new IbmVpcImageChoice.ByHref("https://i"), ["k1", "k2"]),
                new(new IbmVpcImageChoice.ById("i"), []),
                new(new IbmVpcImageChoice.ByName("n"), []),
                new IbmVpcCloudImageOptions(new IbmVpcImageChoice.Newest(system, "provider", "available"), []),
            ],
            config.CloudImages.Select(image => (IbmVpcCloudImageOptions)image.Options!));
        Assert.Equal(
            new ImageLogin { Username = "u", ConnectionType = "winrm", ConnectionPort = 5985, PythonPath = "/py", ShellType = "cmd" },
            config.CloudImages[0].Login);
        Assert.Equal(
            new ProviderDiskImageConfig
            {
                Name = "d",
                Pause = true,
                Login = new() { ConnectionPort = 2222, PythonPath = "/p", ShellType = "sh" },
                Options = new IbmVpcDiskImageOptions("debian-12-amd64"),
            },
            Assert.Single(config.DiskImages));
    }

    [Fact]
    public void ReadConfig_Pools_TakeFromTheProviderWhatTheyDoNotSay()
    {
        var pools = ProviderFile.Read(Whole, "l", "m").Pools;

        Assert.Equal(
            new PoolConfig
            {
                Name = "main",
                Limits = Quota.Of((Quota.Instances, 3)),
                Options = new IbmVpcNetwork { Zone = "us-south-2", Subnet = "t", Addresses = new(false, false, false) },
                Labels =
                [
                    new() { Name = "l", CloudImage = "href", Options = new IbmVpcLabelOptions("bx2-2x8", new Secret("hunter2")) },
                    new() { Name = "m", DiskImage = "d", Options = new IbmVpcLabelOptions("bx2-4x16", null) },
                ],
            },
            pools[0]);
        Assert.Equal(
            new PoolConfig { Name = "second", Options = new IbmVpcNetwork { Zone = "us-south-1", Subnet = "s", Addresses = new(true, false, true) } }, pools[1]);
    }

    [Fact]
    public void ReadConfig_OnlyWhatMustBe_GivesTheDocumentedDefaults()
    {
        var config = ProviderFile.Read(Small, "l");

        Assert.Equal((1, 120, 3600, 3), (config.CallInterval.TotalSeconds, config.BootTimeout.TotalSeconds, config.LaunchTimeout.TotalSeconds, config.LaunchRetries));
        Assert.Equal(["qcow2"], config.ImageFormats);
        Assert.Equal(Quota.Unlimited, ((IbmVpcOptions)config.Options!).Limits);
        Assert.Equal(new IbmVpcNetwork { Zone = "us-south-1", Subnet = "s", Addresses = new(false, false, false) }, config.Pools[0].Options);
        Assert.True(config.Pools[0].Labels[0].HostKeyChecking);
    }

    [Theory]
    [InlineData("name: p\n", "name: p_1\n", "2:9: error: providers[0].name: the cloud refuses names with '_', and this one becomes part of such names; write '-' instead")]
    [InlineData("{name: main", "{name: ma_in", "11:18: error: providers[0].pools[0].name: the cloud refuses names with '_', and this one becomes part of such names; write '-' instead")]
    [InlineData("vpc: ci", "vcp: ci", "2:3: error: providers[0].vpc: 'vpc' is missing", "4:3: error: providers[0].vcp: unknown key 'vcp' (did you mean 'vpc'?)")]
    [InlineData("zone: us-south-1\nsubnet: s\n", "", "9:11: error: providers[0].pools[0]: 'zone' is missing; give it here or, for all pools, at the provider", "9:11: error: providers[0].pools[0]: 'subnet' is missing; give it here or, for all pools, at the provider")]
    [InlineData("bucket-name: b", "bucket-nam: b", "8:19: error: providers[0].object-storage.bucket-name: 'bucket-name' is missing", "8:51: error: providers[0].object-storage.bucket-nam: unknown key 'bucket-nam' (did you mean 'bucket-name'?)")]
    [InlineData("object-storage: {instance-name: i, endpoint: e, bucket-name: b}\n", "", "2:3: warning: providers[0].object-storage: 'object-storage' is missing, so none of the 'diskimages' can be uploaded that way")]
    [InlineData("region: us-south", "region: us-south\nquota: {cpus: 4, ram: -1}", "6:11: error: providers[0].quota.cpus: unknown key 'cpus' (known here: cores, instances, ram)", "6:25: error: providers[0].quota.ram: a whole number of at least 0 expected, found '-1'")]
    [InlineData("image-id: i", "image-id: i, image-name: n", "9:66: error: providers[0].cloud-images[0].image-name: 'image-id' and 'image-name' exclude each other; keep one of them")]
    [InlineData("username: u, image-id: i", "image-filter: {operating-system: {famly: x}}", "9:18: error: providers[0].cloud-images[0].username: 'username' is missing", "9:62: error: providers[0].cloud-images[0].image-filter.operating-system.famly: unknown key 'famly' (did you mean 'family'?)")]
    [InlineData(", operating-system: debian-12-amd64", "", "10:16: error: providers[0].diskimages[0].operating-system: 'operating-system' is missing")]
    [InlineData("profile: bx2-2x8", "user-data: [hunter2]", "11:33: error: providers[0].pools[0].labels[0].profile: 'profile' is missing", "11:59: error: providers[0].pools[0].labels[0].user-data: a single value expected, this is a list")]
    [InlineData("cloud-image: c, ", "", "11:33: error: providers[0].pools[0].labels[0]: 'cloud-image' or 'diskimage' is missing")]
    public void ReadConfig_OfAMistake_SaysWhereAndWhat(string good, string bad, params string[] expected) =>
        Assert.Equal(expected, ProviderFile.Problems(ProviderFile.With(Small, good, bad), "l"));
}
