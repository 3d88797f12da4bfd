using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Providers.Azure;
using Nodepool.Tests.Providers.Clouds;

namespace Nodepool.Tests.Providers.Azure;

public sealed class AzureSectionTests
{
    private const string Small =
        """
        name: p
        driver: azure
        location: eastus
        resource-group: ci
        resource-group-location: westus
        auth-path: /etc/azure.json
        network: net
        cloud-images: [{name: c, username: admin, image-id: i}]
        diskimages: [{name: d}]
        pools: [{name: main, labels: [{name: l, cloud-image: c, hardware-profile: {vm-size: B1}}]}]
        """;

    internal const string Whole =
        """
        name: p
        driver: azure
        location: eastus
        resource-group: ci
        resource-group-location: westus
        auth-path: azure.json
        subnet-id: /subnets/1
        ipv4: true
        ipv6: true
        public-ipv4: false
        public-ipv6: true
        use-internal-ip: true
        host-key-checking: false
        rate: 2
        boot-timeout: 90
        launch-timeout: 600
        launch-retries: 5
        post-upload-hook: /bin/true
        cloud-images:
          - {name: market, username: a, password: hunter2, generate-password: false, key: ssh-rsa A, image-reference: {sku: s, publisher: p, version: latest, offer: o},
             connection-type: winrm, connection-port: 5985, python-path: /py, shell-type: cmd}
          - {name: id, username: a, image-id: /images/1, generate-password: true}
          - {name: filter, username: a, image-filter: {name: n, location: l, tags: {a: b}}}
          - {name: shared, username: a, shared-gallery-image: {gallery-name: g, name: n, version: 1.2.3}}
          - {name: community, username: a, community-gallery-image: {gallery-name: g, name: n}}
        diskimages: [{name: d, username: me, key: ssh-rsa B, pause: true, connection-type: ssh, connection-port: 2222, python-path: /p, shell-type: sh, tags: {a: b}, password: p, generate-password: true}]
        pools:
          - name: main
            max-servers: 3
            ipv4: false
            public-ipv6: false
            use-internal-ip: false
            host-key-checking: true
            labels:
              - {name: l, cloud-image: market, hardware-profile: {vm-size: B1}, tags: {a: b}, dynamic-tags: {who: "{request.id}"}, user-data: u, custom-data: c, volume-size: 80}
              - {name: m, diskimage: d, hardware-profile: {vm-size: B2}}
          - name: second
            labels: []
        """;

    [Fact]
    public void ReadConfig_AllKeysOfProviderAndImages_AreUnderstood()
    {
        var config = ProviderFile.Read(Whole, "l", "m");

        Assert.Equal(
            new AzureOptions
            {
                Location = "eastus",
                ResourceGroup = "ci",
                ResourceGroupLocation = "westus",
                AuthFile = "/etc/nodepool/azure.json",
                Network = new AzureNetworkChoice.BySubnetId("/subnets/1"),
            },
            config.Options);
        Assert.Equal((0.5, 90, 600, 5), (config.CallInterval.TotalSeconds, config.BootTimeout.TotalSeconds, config.LaunchTimeout.TotalSeconds, config.LaunchRetries));
        Assert.Equal("/bin/true", config.PostUploadHook);
        Assert.Equal(["vhd"], config.ImageFormats);
        Assert.Equal(
            [
                new(new AzureImageChoice.Marketplace("p", "o", "s", "latest"), new() { Key = "ssh-rsa A", Password = new("hunter2") }),
                new(new AzureImageChoice.ById("/images/1"), new() { GeneratePassword = true }),
                new(new AzureImageChoice.LastByName("n", "l", new([new("a", "b")])), new()),
                new(new AzureImageChoice.OfGallery(IsCommunity: false, "g", "n", "1.2.3"), new()),
                new AzureCloudImageOptions(new AzureImageChoice.OfGallery(IsCommunity: true, "g", "n", null), new()),
            ],
            config.CloudImages.Select(image => (AzureCloudImageOptions)image.Options!));
        Assert.Equal(
            new ImageLogin { Username = "a", ConnectionType = "winrm", ConnectionPort = 5985, PythonPath = "/py", ShellType = "cmd" },
            config.CloudImages[0].Login);
        Assert.Equal(
            new ProviderDiskImageConfig
            {
                Name = "d",
                Pause = true,
                Meta = new([new("a", "b")]),
                Login = new() { Username = "me", ConnectionPort = 2222, PythonPath = "/p", ShellType = "sh" },
                Options = new AzureDiskImageOptions(new() { Key = "ssh-rsa B", Password = new("p"), GeneratePassword = true }),
            },
            Assert.Single(config.DiskImages));
    }

    [Fact]
    public void ReadConfig_AllKeysOfPoolsAndLabels_AreUnderstood()
    {
        var config = ProviderFile.Read(Whole, "l", "m");
        var (main, second) = (config.Pools[0], config.Pools[1]);

        Assert.Equal(Quota.Of((Quota.Instances, 3)), main.Limits);
        Assert.Equal(Quota.Unlimited, second.Limits);
        Assert.Equal(new AzurePoolOptions(new(Ipv4: false, Ipv6: true, new(PublicIpv4: false, PublicIpv6: false, UseInternalIp: false))), main.Options);
        Assert.Equal(new AzurePoolOptions(new(Ipv4: true, Ipv6: true, new(PublicIpv4: false, PublicIpv6: true, UseInternalIp: true))), second.Options);
        Assert.Equal(
            [
                new()
                {
                    Name = "l",
                    CloudImage = "market",
                    Options = new AzureLabelOptions
                    {
                        VmSize = "B1",
                        VolumeSizeGiB = 80,
                        Tags = new([new("a", "b")]),
                        DynamicTags = new([new("who", ProviderFile.Template("{request.id}"))]),
                        UserData = new("u"),
                        CustomData = new("c"),
                    },
                },
                new PoolLabelConfig { Name = "m", DiskImage = "d", Options = new AzureLabelOptions { VmSize = "B2" } },
            ],
            main.Labels);
    }

    [Fact]
    public void ReadConfig_OnlyWhatMustBe_GivesTheDocumentedDefaults()
    {
        var config = ProviderFile.Read(Small, "l");

        Assert.Equal((1, 120, 3600, 3), (config.CallInterval.TotalSeconds, config.BootTimeout.TotalSeconds, config.LaunchTimeout.TotalSeconds, config.LaunchRetries));
        Assert.Equal(new AzureNetworkChoice.ByName("ci", "net", "default"), ((AzureOptions)config.Options!).Network);
        Assert.Equal(
            new AzurePoolOptions(new(Ipv4: true, Ipv6: false, new(PublicIpv4: true, PublicIpv6: false, UseInternalIp: false))), config.Pools[0].Options);
        Assert.Equal(Quota.Unlimited, config.Pools[0].Limits);
    }

    [Theory]
    [InlineData("{network: n}", "ci", "default")]
    [InlineData("{network: n, resource-group: g, subnet: s}", "g", "s")]
    public void ReadConfig_NetworkAsAMapping_FillsInTheRest(string network, string group, string subnet) => Assert.Equal(
        new AzureNetworkChoice.ByName(group, "n", subnet),
        ((AzureOptions)ProviderFile.Read(ProviderFile.With(Small, "network: net", $"network: {network}"), "l").Options!).Network);

    [Theory]
    [InlineData("ipv6: true", false, true)]
    [InlineData("public-ipv6: true", false, true)]
    [InlineData("public-ipv4: false", true, false)]
    [InlineData("public-ipv4: true, ipv6: true", true, true)]
    [InlineData("ipv4: true, public-ipv6: true", true, true)]
    public void ReadConfig_APublicAddress_ImpliesItsKind(string keys, bool ipv4, bool ipv6)
    {
        var pool = ProviderFile.Read(ProviderFile.With(Small, "{name: main", $"{{name: main, {keys}"), "l").Pools[0];

        var addresses = ((AzurePoolOptions)pool.Options!).Addresses;
        Assert.Equal((ipv4, ipv6), (addresses.Ipv4, addresses.Ipv6));
    }

    [Fact]
    public void ReadConfig_OldPublicKey_IsTakenForImagesWithoutOne()
    {
        var section = ProviderFile.With(Small, "network: net", "network: net\nzuul-public-key: ssh-rsa Z");

        var config = ProviderFile.ReadWithWarnings(section, "l");

        Assert.Equal(["9:20: warning: providers[0].zuul-public-key: an old key; give each image its own 'key'"], ProviderFile.Problems(section, "l"));
        Assert.Equal("ssh-rsa Z", ((AzureCloudImageOptions)config.CloudImages[0].Options!).Access.Key);
        Assert.Equal("ssh-rsa Z", ((AzureDiskImageOptions)config.DiskImages[0].Options!).Access.Key);
    }

    [Theory]
    [InlineData("location: eastus", "locaton: eastus", "2:3: error: providers[0].location: 'location' is missing", "4:3: error: providers[0].locaton: unknown key 'locaton' (did you mean 'location'?)")]
    [InlineData("network: net", "network: net\nsubnet-id: s", "8:12: error: providers[0].network: 'subnet-id' and 'network' exclude each other; keep one of them")]
    [InlineData("network: net", "priority: 1", "2:3: error: providers[0]: 'subnet-id' or 'network' is missing")]
    [InlineData("network: net", "network: {subnet: s}", "8:12: error: providers[0].network.network: 'network' is missing")]
    [InlineData("network: net", "network: [net]", "8:3: error: providers[0].network: a single value expected, this is a list")]
    [InlineData("image-id: i", "image-id: i, image-filter: {}", "9:58: error: providers[0].cloud-images[0].image-filter: 'image-id' and 'image-filter' exclude each other; keep one of them")]
    [InlineData("username: admin, image-id: i", "username: admin", "9:18: error: providers[0].cloud-images[0]: 'image-reference', 'image-id', 'image-filter', 'shared-gallery-image' or 'community-gallery-image' is missing")]
    [InlineData("image-id: i", "image-reference: {sku: s, publisher: p}", "9:62: error: providers[0].cloud-images[0].image-reference.offer: 'offer' is missing", "9:62: error: providers[0].cloud-images[0].image-reference.version: 'version' is missing")]
    [InlineData("image-id: i", "shared-gallery-image: {gallery-name: g}", "9:67: error: providers[0].cloud-images[0].shared-gallery-image.name: 'name' is missing")]
    [InlineData("image-id: i", "image-id: i, password: [hunter2]", "9:58: error: providers[0].cloud-images[0].password: a single value expected, this is a list")]
    [InlineData("image-id: i", "image-id: i, generate-password: hunter2", "9:77: error: providers[0].cloud-images[0].generate-password: yes or no expected, found another value, not shown because it may be secret")]
    [InlineData("hardware-profile: {vm-size: B1}", "hardware-profile: {}", "11:77: error: providers[0].pools[0].labels[0].hardware-profile.vm-size: 'vm-size' is missing")]
    [InlineData("hardware-profile: {vm-size: B1}", "user-data: {a: hunter2}", "11:33: error: providers[0].pools[0].labels[0].hardware-profile: 'hardware-profile' is missing", "11:59: error: providers[0].pools[0].labels[0].user-data: a single value expected, this is a mapping")]
    [InlineData("hardware-profile: {vm-size: B1}", "hardware-profile: {vm-size: B1}, diskimage: d", "11:103: error: providers[0].pools[0].labels[0].diskimage: 'cloud-image' and 'diskimage' exclude each other; keep one of them")]
    public void ReadConfig_OfAMistake_SaysWhereAndWhat(string good, string bad, params string[] expected) =>
        Assert.Equal(expected, ProviderFile.Problems(ProviderFile.With(Small, good, bad), "l"));

    [Fact]
    public void Config_PrintedWhole_ShowsNoSecret() =>
        Assert.DoesNotContain("hunter2", ProviderFile.Read(Whole, "l", "m").ToString(), StringComparison.Ordinal);
}
