using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Providers.Metastatic;

/// <summary>Reads a provider section of the driver <c>metastatic</c>: nodes that are slots of bigger nodes, which other providers launch.</summary>
internal static class MetastaticSection
{
    private const double DefaultRate = 1;

    private static readonly ProviderDefaults Defaults = new() { BootTimeout = TimeSpan.FromMinutes(2) };

    public static ProviderConfig Read(ConfigMap section)
    {
        // Host keys were read when the bigger node was launched.
        var pools = ProviderSection.Defaults(section) with { HostKeyChecking = false };
        return ProviderSection.Read(section, pool => ReadPool(pool, pools), Defaults) with
        {
            Options = new MetastaticOptions(CloudSection.CallInterval(section, DefaultRate)),
        };
    }

    private static PoolConfig ReadPool(ConfigMap pool, PoolDefaults defaults)
    {
        var checking = pool.Bool("host-key-checking", defaults.HostKeyChecking);
        var backing = new Dictionary<string, (string Label, MetastaticLabelOptions Options)>(StringComparer.Ordinal);
        return ProviderSection.ReadPool(pool, defaults, label => ReadLabel(label, checking, backing));
    }

    private static PoolLabelConfig ReadLabel(
        ConfigMap label, bool hostKeyChecking, Dictionary<string, (string Label, MetastaticLabelOptions Options)> backing)
    {
        var options = ReadOptions(label);
        var common = new PoolLabelConfig
        {
            Name = label.RequiredText("name"),
            HostKeyChecking = label.Bool("host-key-checking", hostKeyChecking),
            Options = options,
        };
        if (options.BackingLabel.Length > 0 && options.BackingLabel == common.Name)
        {
            label.Error("backing-label", "a label cannot be made of itself; name the label of the bigger nodes");
        }

        if (!backing.TryAdd(options.BackingLabel, (common.Name, options)) && backing[options.BackingLabel] is var other && other.Options != options)
        {
            label.Error("backing-label", $"'{common.Name}' and '{other.Label}' share the nodes of '{options.BackingLabel}', so these must have the same settings in both: "
                + "max-parallel-jobs, grace-time, min-retention-time, max-age");
        }

        return common;
    }

    private static MetastaticLabelOptions ReadOptions(ConfigMap label)
    {
        var usual = new MetastaticLabelOptions { BackingLabel = label.RequiredText("backing-label") };
        var options = usual with
        {
            Slots = label.Int("max-parallel-jobs", usual.Slots, min: 1),
            GraceTime = label.Seconds("grace-time", usual.GraceTime),
            MinRetentionTime = label.Seconds("min-retention-time", usual.MinRetentionTime),
            MaxAge = label.OptionalSeconds("max-age"),
        };
        if (options.MaxAge < options.MinRetentionTime)
        {
            label.Error("max-age", new Complaint(
                $"the nodes are kept for {options.MinRetentionTime.TotalSeconds:0} seconds at least, see 'min-retention-time', so they cannot end after {options.MaxAge.Value.TotalSeconds:0}",
                $"a number of seconds of at least {options.MinRetentionTime.TotalSeconds:0}"));
        }
        else if (options.MaxAge < options.GraceTime && label.Has("grace-time"))
        {
            label.Warn("grace-time", $"longer than 'max-age', so an empty node is not kept for it: it is too old before");
        }

        return options;
    }
}
