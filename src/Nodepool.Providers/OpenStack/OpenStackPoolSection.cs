using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Config.Templates;

namespace Nodepool.Providers.OpenStack;

/// <summary>Reads an element of <c>pools</c> with its labels.</summary>
internal static class OpenStackPoolSection
{
    public static PoolConfig Read(ConfigMap pool, PoolDefaults defaults, Func<ConfigMap, OpenStackLabelOptions, DriverOptions> finishLabel)
    {
        var usual = new OpenStackPoolOptions();
        var options = usual with
        {
            Networks = pool.Texts("networks"),
            SecurityGroups = pool.Texts("security-groups"),
            AutoFloatingIp = pool.Bool("auto-floating-ip", usual.AutoFloatingIp),
            AvailabilityZones = pool.Texts("availability-zones"),
        };
        var volumes = ProviderSection.ReadAmounts(pool, ("max-volumes", Quota.Volumes), ("max-volume-gb", Quota.VolumeGb));
        var limits = ProviderSection.ReadLimits(pool, defaults.Limits).Tightest(volumes);
        var ignoresQuota = pool.Bool("ignore-provider-quota", false);
        var checking = pool.Bool("host-key-checking", defaults.HostKeyChecking);
        return ProviderSection.ReadPool(pool, defaults, ReadWholeLabel) with { Limits = limits, IgnoresProviderLimits = ignoresQuota, Options = options };

        PoolLabelConfig ReadWholeLabel(ConfigMap label)
        {
            var own = ReadLabel(label, options);
            WarnOfContradictions(label, own, limits);
            return ProviderSection.ReadLabel(label, checking) with { Options = finishLabel(label, own) };
        }
    }

    private static void WarnOfContradictions(ConfigMap label, OpenStackLabelOptions options, Quota limits)
    {
        ProviderSection.WarnIfTooMuch(label, "min-ram", options.Flavor.MinRam ?? 0, limits, Quota.Ram);
        if (options.BootFromVolume)
        {
            ProviderSection.WarnIfTooMuch(label, "volume-size", options.VolumeSize, limits, Quota.VolumeGb);
            if (limits.Amounts.TryGetValue(Quota.Volumes, out var volumes) && volumes == 0)
            {
                label.Warn("boot-from-volume", "the pool may have no volumes, see 'max-volumes', so this label is never launched here");
            }
        }
        else if (label.Has("volume-size"))
        {
            label.Warn("volume-size", "has no effect without 'boot-from-volume: yes'");
        }
    }

    private static OpenStackLabelOptions ReadLabel(ConfigMap label, OpenStackPoolOptions pool)
    {
        var usual = new OpenStackLabelOptions();
        return usual with
        {
            Flavor = new(label.OptionalInt("min-ram", min: 0), label.Text(label.Spelling("flavor-name", "name-filter"))),
            KeyName = label.Text("key-name"),
            BootFromVolume = label.Bool("boot-from-volume", usual.BootFromVolume),
            VolumeSize = label.Int("volume-size", usual.VolumeSize, min: 1),
            InstanceProperties = label.TextMap("instance-properties"),
            DynamicInstanceProperties = label.Templates("dynamic-instance-properties", FormatVocabulary.Request),
            UserData = label.Secret("userdata"),
            Networks = label.Has("networks") ? label.Texts("networks") : pool.Networks,
        };
    }
}
