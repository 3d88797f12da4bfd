using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Providers.Clouds;

/// <summary>Keys that several clouds' sections have in the same words.</summary>
internal static class CloudKeys
{
    /// <summary>Which addresses instances get; of a pool, or of a provider for its pools.</summary>
    public static AddressChoice ReadAddresses(ConfigMap map, AddressChoice fallback) => new(
        map.Bool("public-ipv4", fallback.PublicIpv4),
        map.Bool("public-ipv6", fallback.PublicIpv6),
        map.Bool("use-internal-ip", fallback.UseInternalIp));

    /// <summary>Common keys of a pool whose <c>labels</c> must be there.</summary>
    public static PoolConfig ReadPool(ConfigMap pool, PoolDefaults defaults, Func<ConfigMap, PoolLabelConfig> readLabel)
    {
        pool.RequiredMaps("labels");
        return ProviderSection.ReadPool(pool, defaults, readLabel);
    }

    /// <summary>Common keys of a label that boots either a <c>cloud-image</c> or a <c>diskimage</c>.</summary>
    public static PoolLabelConfig ReadLabel(ConfigMap label, bool hostKeyChecking)
    {
        label.ExactlyOne("cloud-image", "diskimage");
        return ProviderSection.ReadLabel(label, hostKeyChecking);
    }

    /// <summary>Warns when images are to be uploaded and the place that they pass through is not named.</summary>
    public static void CheckObjectStorage(ConfigMap section, bool isNeeded)
    {
        if (isNeeded && !section.Has("object-storage"))
        {
            section.Warn("object-storage", "'object-storage' is missing, so none of the 'diskimages' can be uploaded that way");
        }
    }
}
