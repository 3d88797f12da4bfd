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
        // Nothing is called here that could be called too often; the key is checked for those who have it.
        _ = CloudSection.CallInterval(section, DefaultRate);
        return ProviderSection.Read(section, pool => ReadPool(pool, pools), Defaults) with { IsBacked = true };
    }

    private static PoolConfig ReadPool(ConfigMap pool, PoolDefaults defaults)
    {
        var checking = pool.Bool("host-key-checking", defaults.HostKeyChecking);
        var backing = new Dictionary<string, (string Label, BackingRule Rule)>(StringComparer.Ordinal);
        return ProviderSection.ReadPool(pool, defaults, label => ReadLabel(label, checking, backing));
    }

    private static PoolLabelConfig ReadLabel(
        ConfigMap label, bool hostKeyChecking, Dictionary<string, (string Label, BackingRule Rule)> backing)
    {
        var rule = ReadRule(label);
        var common = new PoolLabelConfig
        {
            Name = label.RequiredText("name"),
            HostKeyChecking = label.Bool("host-key-checking", hostKeyChecking),
            Backing = rule,
        };
        if (rule.Label.Length > 0 && rule.Label == common.Name)
        {
            label.Error("backing-label", "a label cannot be made of itself; name the label of the bigger nodes");
        }

        if (!backing.TryAdd(rule.Label, (common.Name, rule)) && backing[rule.Label] is var other && other.Rule != rule)
        {
            label.Error("backing-label", $"'{common.Name}' and '{other.Label}' share the nodes of '{rule.Label}', so these must have the same settings in both: "
                + "max-parallel-jobs, grace-time, min-retention-time, max-age");
        }

        return common;
    }

    private static BackingRule ReadRule(ConfigMap label)
    {
        var usual = new BackingRule { Label = label.RequiredText("backing-label") };
        var rule = usual with
        {
            Slots = label.Int("max-parallel-jobs", usual.Slots, min: 1),
            GraceTime = label.Seconds("grace-time", usual.GraceTime),
            MinRetentionTime = label.Seconds("min-retention-time", usual.MinRetentionTime),
            MaxAge = label.OptionalSeconds("max-age"),
        };
        if (rule.MaxAge < rule.MinRetentionTime)
        {
            label.Error("max-age", new Complaint(
                $"the nodes are kept for {rule.MinRetentionTime.TotalSeconds:0} seconds at least, see 'min-retention-time', so they cannot end after {rule.MaxAge.Value.TotalSeconds:0}",
                $"a number of seconds of at least {rule.MinRetentionTime.TotalSeconds:0}"));
        }
        else if (rule.MaxAge < rule.GraceTime && label.Has("grace-time"))
        {
            label.Warn("grace-time", $"longer than 'max-age', so an empty node is not kept for it: it is too old before");
        }

        return rule;
    }
}
