using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Providers.Aws;
using Nodepool.Providers.Clouds;
using Nodepool.Tests.Providers.Clouds;

namespace Nodepool.Tests.Providers.Aws;

public sealed class AwsSectionTests
{
    private const string Small =
        """
        name: p
        driver: aws
        region-name: us-east-1
        cloud-images: [{name: c, username: admin, image-id: ami-1}]
        object-storage: {bucket-name: b}
        diskimages: [{name: d}]
        pools: [{name: main, availability-zone: a, labels: [{name: l, cloud-image: c, key-name: zuul, instance-type: t3.medium}]}]
        """;

    internal const string Whole =
        """
        name: p
        driver: aws
        region-name: us-east-1
        profile-name: ci
        rate: 4
        boot-timeout: 90
        launch-timeout: 600
        launch-retries: 5
        max-concurrency: 10
        priority: 7
        object-storage: {bucket-name: images}
        image-format: vmdk
        image-import-timeout: 300
        post-upload-hook: hooks/after
        max-servers: 20
        max-cores: 200
        max-ram: 4096
        max-resources: {L-1: 50, L-2: 6}
        use-internal-ip: true
        host-key-checking: false
        public-ipv4: false
        public-ipv6: true
        cloud-images:
          - {name: fixed, username: admin, image-id: ami-1, connection-type: winrm, connection-port: 5985, python-path: /py, shell-type: cmd}
          - name: newest
            username: ubuntu
            image-filters: [{name: name, values: [jammy*, noble*]}, {Name: architecture, Values: [arm64]}]
        diskimages:
          - {name: d, username: me, pause: true, connection-type: ssh, connection-port: 2222, python-path: /p3, shell-type: sh, architecture: arm64, ena-support: false,
             volume-size: 40, volume-type: io2, import-method: ebs-direct, imds-support: v2.0, iops: 3000, throughput: 200, tags: {team: ci}}
        pools:
          - name: main
            max-servers: 3
            max-resources: {L-2: 7}
            node-attributes: {executor-zone: eu}
            security-group-id: sg-1
            subnet-id: subnet-1
            public-ipv4: true
            public-ipv6: false
            use-internal-ip: false
            host-key-checking: true
            availability-zone: us-east-1a
            priority: 3
            labels:
              - {name: l, key-name: zuul, diskimage: d, instance-type: t3.medium, ebs-optimized: true, volume-type: gp3, volume-size: 80, iops: 4000, throughput: 300,
                 userdata: "#cloud-config", iam-instance-profile: {name: s3}, tags: {a: b}, dynamic-tags: {who: "{request.requestor}"}, imdsv2: required, dedicated-host: true}
              - {name: m, key-name: zuul, cloud-image: newest, use-spot: true, iam-instance-profile: {arn: "arn:x"},
                 fleet: {instance-types: [m5.large, m6.large], allocation-strategy: price-capacity-optimized}}
          - name: second
            labels: []
        """;

    [Fact]
    public void ReadConfig_AllKeysOfProviderAndImages_AreUnderstood()
    {
        var config = ProviderFile.Read(Whole, "l", "m");

        Assert.Equal(
            new AwsOptions { Region = "us-east-1", Profile = "ci", Bucket = "images", ImageImportTimeout = TimeSpan.FromMinutes(5) }, config.Options);
        Assert.Equal((0.25, 90, 600), (config.CallInterval.TotalSeconds, config.BootTimeout.TotalSeconds, config.LaunchTimeout.TotalSeconds));
        Assert.Equal((5, 10, 7), (config.LaunchRetries, config.MaxConcurrency, config.Priority));
        Assert.Equal("/etc/nodepool/hooks/after", config.PostUploadHook);
        Assert.Equal(["vmdk"], config.ImageFormats);
        Assert.Equal(
            [
                new()
                {
                    Name = "fixed",
                    Login = new() { Username = "admin", ConnectionType = "winrm", ConnectionPort = 5985, PythonPath = "/py", ShellType = "cmd" },
                    Options = new AwsCloudImageOptions(new AwsImageChoice.ById("ami-1")),
                },
                new CloudImageConfig
                {
                    Name = "newest",
                    Login = new() { Username = "ubuntu" },
                    Options = new AwsCloudImageOptions(new AwsImageChoice.Newest([new("name", ["jammy*", "noble*"]), new("architecture", ["arm64"])])),
                },
            ],
            config.CloudImages);
        Assert.Equal(
            new ProviderDiskImageConfig
            {
                Name = "d",
                Pause = true,
                Meta = new([new("team", "ci")]),
                Login = new() { Username = "me", ConnectionPort = 2222, PythonPath = "/p3", ShellType = "sh" },
                Options = new AwsDiskImageOptions
                {
                    Architecture = "arm64",
                    EnaSupport = false,
                    RequiresMetadataTokens = true,
                    ImportMethod = AwsImportMethod.EbsDirect,
                    Volume = new() { Type = "io2", SizeGiB = 40, Iops = 3000, ThroughputMiB = 200 },
                },
            },
            Assert.Single(config.DiskImages));
    }

    [Fact]
    public void ReadConfig_AllKeysOfPoolsAndLabels_AreUnderstood()
    {
        var config = ProviderFile.Read(Whole, "l", "m");
        var (main, second) = (config.Pools[0], config.Pools[1]);

        Assert.Equal(Quota.Of((Quota.Instances, 3), (Quota.Cores, 200), (Quota.Ram, 4096), ("L-1", 50), ("L-2", 7)), main.Limits);
        Assert.Equal(Quota.Of((Quota.Instances, 20), (Quota.Cores, 200), (Quota.Ram, 4096), ("L-1", 50), ("L-2", 6)), second.Limits);
        Assert.Equal((3, 7), (main.Priority, second.Priority));
        Assert.Equal("eu", main.NodeAttributes["executor-zone"]);
        Assert.Equal(
            new AwsPoolOptions
            {
                SecurityGroup = "sg-1",
                Subnet = "subnet-1",
                AvailabilityZone = "us-east-1a",
                Addresses = new(PublicIpv4: true, PublicIpv6: false, UseInternalIp: false),
            },
            main.Options);
        Assert.Equal(new AwsPoolOptions { Addresses = new(PublicIpv4: false, PublicIpv6: true, UseInternalIp: true) }, second.Options);
        Assert.Equal(
            new PoolLabelConfig
            {
                Name = "l",
                DiskImage = "d",
                Options = new AwsLabelOptions
                {
                    Machine = new AwsMachineChoice.Fixed("t3.medium"),
                    KeyName = "zuul",
                    Volume = new() { Type = "gp3", SizeGiB = 80, Iops = 4000, ThroughputMiB = 300 },
                    EbsOptimized = true,
                    UserData = new("#cloud-config"),
                    InstanceProfile = new AwsInstanceProfile.ByName("s3"),
                    Tags = new([new("a", "b")]),
                    DynamicTags = new([new("who", ProviderFile.Template("{request.requestor}"))]),
                    MetadataTokens = AwsMetadataTokens.Required,
                    DedicatedHost = true,
                },
            },
            main.FindLabel("l"));
        Assert.Equal(
            new PoolLabelConfig
            {
                Name = "m",
                CloudImage = "newest",
                Options = new AwsLabelOptions
                {
                    Machine = new AwsMachineChoice.Fleet(["m5.large", "m6.large"], AwsAllocationStrategy.PriceCapacityOptimized),
                    KeyName = "zuul",
                    InstanceProfile = new AwsInstanceProfile.ByArn("arn:x"),
                    UseSpot = true,
                },
            },
            main.FindLabel("m"));
    }

    [Fact]
    public void ReadConfig_OnlyWhatMustBe_GivesTheDocumentedDefaults()
    {
        var config = ProviderFile.Read(Small, "l");

        Assert.Equal((0.5, 180, 3600, 3), (config.CallInterval.TotalSeconds, config.BootTimeout.TotalSeconds, config.LaunchTimeout.TotalSeconds, config.LaunchRetries));
        Assert.Equal(["raw"], config.ImageFormats);
        Assert.Equal(new AwsDiskImageOptions { Volume = new() { Type = "gp3" } }, config.DiskImages[0].Options);
        Assert.Equal(Quota.Unlimited, config.Pools[0].Limits);
        Assert.Equal(new AddressChoice(PublicIpv4: true, PublicIpv6: false, UseInternalIp: false), ((AwsPoolOptions)config.Pools[0].Options!).Addresses);
        Assert.True(config.Pools[0].Labels[0].HostKeyChecking);
        Assert.Equal(
            new AwsLabelOptions { Machine = new AwsMachineChoice.Fixed("t3.medium"), KeyName = "zuul", Volume = new() }, config.Pools[0].Labels[0].Options);
    }

    [Theory]
    [InlineData("region-name: us-east-1", "profile-name: x", "2:3: error: providers[0].region-name: 'region-name' is missing")]
    [InlineData("region-name: us-east-1", "region-name: us-east-1\nrate: 0", "5:9: error: providers[0].rate: a number of calls per second above zero expected; with zero nothing could be asked")]
    [InlineData("region-name: us-east-1", "region-name: us-east-1\nimage-format: qcow2", "5:17: error: providers[0].image-format: one of ova, vhd, vhdx, vmdk, raw expected, found 'qcow2'")]
    [InlineData("region-name: us-east-1", "region-name: us-east-1\nmax-resources: {L-1: many}", "5:24: error: providers[0].max-resources.L-1: a whole number of at least 0 expected, found 'many'")]
    [InlineData("{bucket-name: b}", "{bucket: b}", "6:19: error: providers[0].object-storage.bucket-name: 'bucket-name' is missing", "6:20: error: providers[0].object-storage.bucket: unknown key 'bucket' (did you mean 'bucket-name'?)")]
    [InlineData("object-storage: {bucket-name: b}", "priority: 1", "2:3: warning: providers[0].object-storage: 'object-storage' is missing, so none of the 'diskimages' can be uploaded that way")]
    [InlineData("image-id: ami-1", "image-id: ami-1, image-filters: [{name: n, values: v}]", "5:62: error: providers[0].cloud-images[0].image-filters: 'image-id' and 'image-filters' exclude each other; keep one of them")]
    [InlineData("image-id: ami-1", "image-filters: [{name: n}]", "5:61: error: providers[0].cloud-images[0].image-filters[0].values: 'values' is missing")]
    [InlineData("username: admin, image-id: ami-1", "username: admin", "5:18: error: providers[0].cloud-images[0]: 'image-id' or 'image-filters' is missing")]
    [InlineData("username: admin, ", "", "5:18: error: providers[0].cloud-images[0].username: 'username' is missing")]
    [InlineData("[{name: d}]", "[{name: d, import-method: ebs_direct}]", "7:41: error: providers[0].diskimages[0].import-method: one of snapshot, ebs-direct, image expected, found 'ebs_direct' (did you mean 'ebs-direct'?)")]
    [InlineData("[{name: d}]", "[{name: d, import-method: image, imds-support: v2.0}]", "7:62: error: providers[0].diskimages[0].imds-support: 'import-method: image' cannot set it; use 'snapshot' or 'ebs-direct'")]
    [InlineData("[{name: d}]", "[{name: d, volume-size: 0}]", "7:39: error: providers[0].diskimages[0].volume-size: a whole number of at least 1 expected, found '0'")]
    [InlineData("availability-zone: a", "public-ip-address: false", "8:43: warning: providers[0].pools[0].public-ip-address: an old name of 'public-ipv4'; use that")]
    [InlineData("availability-zone: a", "public-ip-address: false, public-ipv4: false", "8:43: error: providers[0].pools[0].public-ip-address: 'public-ipv4' and 'public-ip-address' mean the same; keep 'public-ipv4'")]
    [InlineData(", labels: [{name: l, cloud-image: c, key-name: zuul, instance-type: t3.medium}]", "", "8:11: error: providers[0].pools[0].labels: 'labels' is missing", "9:17: warning: labels[0].name: no pool of this file serves the label 'l'")]
    [InlineData("object-storage:", "hostname-format: x\nobject-storage:", "6:20: warning: providers[0].hostname-format: has no effect; hosts are named by the launcher")]
    [InlineData("key-name: zuul", "key_name: zuul", "8:55: warning: providers[0].pools[0].labels[0].key-name: 'key-name' is missing, so instances get no key from EC2; the image or 'userdata' must bring one", "8:81: error: providers[0].pools[0].labels[0].key_name: unknown key 'key_name' (did you mean 'key-name'?)")]
    [InlineData("cloud-image: c", "cloud-image: c, diskimage: d", "8:92: error: providers[0].pools[0].labels[0].diskimage: 'cloud-image' and 'diskimage' exclude each other; keep one of them")]
    [InlineData("cloud-image: c, ", "", "8:55: error: providers[0].pools[0].labels[0]: 'cloud-image' or 'diskimage' is missing")]
    [InlineData("cloud-image: c", "cloud-image: cc", "8:78: error: providers[0].pools[0].labels[0].cloud-image: the provider 'p' has no 'cc' in its 'cloud-images' (cloud-images here: c); add it there")]
    [InlineData("cloud-image: c", "diskimage: dd", "8:76: error: providers[0].pools[0].labels[0].diskimage: no diskimage 'dd' under 'diskimages' at top level (diskimages here: d)")]
    [InlineData("instance-type: t3.medium", "instance-type: t, fleet: {instance-types: [a], allocation-strategy: diversified}", "8:115: error: providers[0].pools[0].labels[0].fleet: 'instance-type' and 'fleet' exclude each other; keep one of them")]
    [InlineData("instance-type: t3.medium", "fleet: {instance-types: [a], allocation-strategy: cheapest}", "8:147: error: providers[0].pools[0].labels[0].fleet.allocation-strategy: one of prioritized, price-capacity-optimized, capacity-optimized, diversified, lowest-price expected, found 'cheapest'")]
    [InlineData("instance-type: t3.medium", "fleet: {}", "8:104: error: providers[0].pools[0].labels[0].fleet.instance-types: 'instance-types' is missing", "8:104: error: providers[0].pools[0].labels[0].fleet.allocation-strategy: 'allocation-strategy' is missing")]
    [InlineData("instance-type: t3.medium", "instance-type: t, iam-instance-profile: {}", "8:137: error: providers[0].pools[0].labels[0].iam-instance-profile: 'name' or 'arn' is missing")]
    [InlineData("instance-type: t3.medium", "instance-type: t, imdsv2: requird", "8:123: error: providers[0].pools[0].labels[0].imdsv2: one of none, required, optional expected, found 'requird' (did you mean 'required'?)")]
    [InlineData("instance-type: t3.medium", "instance-type: t, dedicated-host: true, use-spot: true", "8:131: error: providers[0].pools[0].labels[0].dedicated-host: 'dedicated-host' and 'use-spot' exclude each other; keep one of them")]
    [InlineData("availability-zone: a, labels: [{name: l", "labels: [{dedicated-host: true, name: l", "8:50: error: providers[0].pools[0].labels[0].dedicated-host: a host is allocated in one zone, so the pool needs 'availability-zone'")]
    [InlineData("instance-type: t3.medium", "instance-type: t, dynamic-tags: {a: '{request.requester}'}", "8:133: error: providers[0].pools[0].labels[0].dynamic-tags.a: no field 'request.requester' at character 1 (did you mean 'request.requestor'?); write '{{' for a brace")]
    public void ReadConfig_OfAMistake_SaysWhereAndWhat(string good, string bad, params string[] expected) =>
        Assert.Equal(expected, ProviderFile.Problems(ProviderFile.With(Small, good, bad), "l"));
}
