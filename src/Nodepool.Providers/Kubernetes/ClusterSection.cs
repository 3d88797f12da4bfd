using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Providers.Clouds;

namespace Nodepool.Providers.Kubernetes;

/// <summary>Reads a provider section of driver <c>kubernetes</c>, <c>openshift</c> or <c>openshiftpods</c>.</summary>
internal static class ClusterSection
{
    public static ProviderConfig Read(ConfigMap section, ClusterDialect dialect)
    {
        var pools = ProviderSection.Defaults(section) with
        {
            Limits = ProviderSection.ReadLimits(section, Quota.Unlimited, [.. dialect.ServersSpellings]),
        };
        return ProviderSection.Read(section, pool => ReadPool(pool, pools, dialect)) with
        {
            Options = new ClusterOptions(dialect.NeedsContext ? section.RequiredText("context") : section.Text("context")),
        };
    }

    private static PoolConfig ReadPool(ConfigMap pool, PoolDefaults defaults, ClusterDialect dialect)
    {
        var limits = ProviderSection.ReadLimits(pool, defaults.Limits, [.. dialect.ServersSpellings]);
        var labels = new ClusterPoolDefaults(
            ReadAmounts(pool, "default-label-", ""),
            ReadAmounts(pool, "default-label-", "-limit"),
            pool.IntMap(pool.Spelling("default-label-extra-resources", "default-label-extra_resources")));
        return CloudKeys.ReadPool(pool, defaults, label => ClusterLabelSection.Read(label, labels, dialect)) with { Limits = limits };
    }

    /// <summary>Processors, memory and storage under keys with this beginning and end.</summary>
    public static PodAmounts ReadAmounts(ConfigMap map, string prefix, string suffix) => new(
        map.OptionalInt(prefix + "cpu" + suffix, min: 0),
        map.OptionalInt(prefix + "memory" + suffix, min: 0),
        map.OptionalInt(prefix + "storage" + suffix, min: 0));
}
