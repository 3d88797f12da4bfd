using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Config.Templates;
using Nodepool.Providers.Clouds;

namespace Nodepool.Providers.Aws;

/// <summary>Reads the elements of <c>pools</c> with their labels.</summary>
internal static class AwsPoolSection
{
    private static readonly (string Word, AwsAllocationStrategy Value)[] Strategies =
    [
        ("prioritized", AwsAllocationStrategy.Prioritized),
        ("price-capacity-optimized", AwsAllocationStrategy.PriceCapacityOptimized),
        ("capacity-optimized", AwsAllocationStrategy.CapacityOptimized),
        ("diversified", AwsAllocationStrategy.Diversified),
        ("lowest-price", AwsAllocationStrategy.LowestPrice),
    ];

    private static readonly (string Word, AwsMetadataTokens? Value)[] MetadataTokens =
        [("none", null), ("required", AwsMetadataTokens.Required), ("optional", AwsMetadataTokens.Optional)];

    public static PoolConfig Read(ConfigMap pool, PoolDefaults defaults, AddressChoice addresses)
    {
        var checking = pool.Bool("host-key-checking", defaults.HostKeyChecking);
        return CloudKeys.ReadPool(pool, defaults, label => ReadLabel(label, pool, checking)) with
        {
            Options = new AwsPoolOptions
            {
                SecurityGroup = pool.Text("security-group-id"),
                Subnet = pool.Text("subnet-id"),
                AvailabilityZone = pool.Text("availability-zone"),
                Addresses = ReadAddresses(pool, addresses),
            },
        };
    }

    private static AddressChoice ReadAddresses(ConfigMap pool, AddressChoice fallback)
    {
        if (pool.Spelling("public-ipv4", "public-ip-address") is "public-ip-address" and var old)
        {
            pool.Warn(old, "an old name of 'public-ipv4'; use that");
            fallback = fallback with { PublicIpv4 = pool.Bool(old, fallback.PublicIpv4) };
        }

        return CloudKeys.ReadAddresses(pool, fallback);
    }

    private static PoolLabelConfig ReadLabel(ConfigMap label, ConfigMap pool, bool hostKeyChecking)
    {
        var options = new AwsLabelOptions
        {
            Machine = ReadMachine(label),
            KeyName = label.Text("key-name"),
            Volume = AwsImageSection.ReadVolume(label, new AwsVolume()),
            EbsOptimized = label.Bool("ebs-optimized", false),
            UserData = label.Secret("userdata"),
            InstanceProfile = label.Map("iam-instance-profile") is { } profile ? ReadProfile(profile) : null,
            Tags = label.TextMap("tags"),
            DynamicTags = label.Templates("dynamic-tags", FormatVocabulary.Request),
            UseSpot = label.Bool("use-spot", false),
            MetadataTokens = label.Choice("imdsv2", null, MetadataTokens),
            DedicatedHost = label.Bool("dedicated-host", false),
        };
        if (options.KeyName is null)
        {
            label.Warn("key-name", "'key-name' is missing, so instances get no key from EC2; the image or 'userdata' must bring one");
        }

        if (options is { DedicatedHost: true, UseSpot: true })
        {
            label.Error("dedicated-host", "'dedicated-host' and 'use-spot' exclude each other; keep one of them");
        }

        if (options.DedicatedHost && !pool.Has("availability-zone"))
        {
            label.Error("dedicated-host", "a host is allocated in one zone, so the pool needs 'availability-zone'");
        }

        return CloudKeys.ReadLabel(label, hostKeyChecking) with { Options = options };
    }

    private static AwsMachineChoice ReadMachine(ConfigMap label)
    {
        label.ExactlyOne("instance-type", "fleet");
        return label.Map("fleet") is { } fleet
            ? new AwsMachineChoice.Fleet(fleet.RequiredTexts("instance-types"), fleet.RequiredChoice("allocation-strategy", Strategies))
            : new AwsMachineChoice.Fixed(label.Text("instance-type", ""));
    }

    private static AwsInstanceProfile ReadProfile(ConfigMap profile) => profile.ExactlyOne("name", "arn") == "name"
        ? new AwsInstanceProfile.ByName(profile.Text("name", ""))
        : new AwsInstanceProfile.ByArn(profile.Text("arn", ""));
}
