using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Providers.Clouds;

namespace Nodepool.Providers.IbmVpc;

/// <summary>Reads the elements of <c>pools</c> with their labels.</summary>
internal static class IbmVpcPoolSection
{
    public static PoolConfig Read(ConfigMap pool, PoolDefaults defaults, IbmVpcNetwork providerNetwork)
    {
        CheckName(pool);
        var checking = pool.Bool("host-key-checking", defaults.HostKeyChecking);
        var network = ReadNetwork(pool, providerNetwork);
        CheckGiven(pool, "zone", network.Zone);
        CheckGiven(pool, "subnet", network.Subnet);
        return CloudKeys.ReadPool(pool, defaults, label => ReadLabel(label, checking)) with { Options = network };
    }

    /// <summary>Where instances are; of a pool, or of a provider for its pools.</summary>
    public static IbmVpcNetwork ReadNetwork(ConfigMap map, IbmVpcNetwork fallback) => new()
    {
        Zone = map.Text("zone", fallback.Zone),
        Subnet = map.Text("subnet", fallback.Subnet),
        Addresses = fallback.Addresses with
        {
            PublicIpv4 = map.Bool("public-ipv4", fallback.Addresses.PublicIpv4),
            UseInternalIp = map.Bool("use-internal-ip", fallback.Addresses.UseInternalIp),
        },
    };

    /// <summary>Names of providers and pools become parts of names at the cloud, which has no underscores.</summary>
    public static void CheckName(ConfigMap map)
    {
        if (map.Text("name", "").Contains('_', StringComparison.Ordinal))
        {
            map.Error("name", "the cloud refuses names with '_', and this one becomes part of such names; write '-' instead");
        }
    }

    private static void CheckGiven(ConfigMap pool, string key, string value)
    {
        if (value.Length == 0)
        {
            pool.Error("", $"'{key}' is missing; give it here or, for all pools, at the provider");
        }
    }

    private static PoolLabelConfig ReadLabel(ConfigMap label, bool hostKeyChecking) => CloudKeys.ReadLabel(label, hostKeyChecking) with
    {
        Options = new IbmVpcLabelOptions(label.RequiredText("profile"), label.Secret("user-data")),
    };
}
