using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Config.Templates;
using Nodepool.Providers.Clouds;

namespace Nodepool.Providers.Azure;

/// <summary>Reads the elements of <c>pools</c> with their labels.</summary>
internal static class AzurePoolSection
{
    public static PoolConfig Read(ConfigMap pool, PoolDefaults defaults, AzureAddresses addresses)
    {
        var checking = pool.Bool("host-key-checking", defaults.HostKeyChecking);
        var own = ReadAddresses(pool, addresses);
        return CloudKeys.ReadPool(pool, defaults, label => ReadLabel(label, checking)) with
        {
            Options = new AzurePoolOptions(own with { Ipv4 = own.Ipv4 || !own.Ipv6 }),
        };
    }

    /// <summary>Addresses as a pool or, for its pools, a provider wants them.</summary>
    public static AzureAddresses ReadAddresses(ConfigMap map, AzureAddresses fallback) => new(
        map.Bool("ipv4", fallback.Ipv4) || map.Bool("public-ipv4", false),
        map.Bool("ipv6", fallback.Ipv6) || map.Bool("public-ipv6", false),
        CloudKeys.ReadAddresses(map, fallback.Public));

    private static PoolLabelConfig ReadLabel(ConfigMap label, bool hostKeyChecking) => CloudKeys.ReadLabel(label, hostKeyChecking) with
    {
        Options = new AzureLabelOptions
        {
            VmSize = label.RequiredMap("hardware-profile")?.RequiredText("vm-size") ?? "",
            VolumeSizeGiB = label.OptionalInt("volume-size", min: 1),
            Tags = label.TextMap("tags"),
            DynamicTags = label.Templates("dynamic-tags", FormatVocabulary.Request),
            UserData = label.Secret("user-data"),
            CustomData = label.Secret("custom-data"),
        },
    };
}
