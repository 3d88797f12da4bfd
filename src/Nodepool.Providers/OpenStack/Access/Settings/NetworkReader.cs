using Nodepool.Core.Collections;

namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>Reads what is said of networks.</summary>
internal static class NetworkReader
{
    public static ValueList<CloudNetwork> Read(CloudEntry entry)
    {
        var networks = entry.Maps("networks").Select(network => ReadOne(entry, network)).Concat(ReadOld(entry)).ToList();
        OnlyOne(entry, networks, "nat_source", network => network.IsNatSource);
        OnlyOne(entry, networks, "nat_destination", network => network.IsNatDestination);
        OnlyOne(entry, networks, "default_interface", network => network.IsDefaultInterface);
        return networks.ToValueList();
    }

    private static CloudNetwork ReadOne(CloudEntry entry, CloudEntry network)
    {
        var routes = network.Truth("routes_externally", false);
        return new CloudNetwork(network.Text("name") ?? throw entry.Error("an element of 'networks' has no 'name'"))
        {
            RoutesIpv4Externally = network.Truth("routes_ipv4_externally", routes),
            RoutesIpv6Externally = network.Truth("routes_ipv6_externally", routes),
            IsNatSource = network.Truth("nat_source", false),
            IsNatDestination = network.Truth("nat_destination", false),
            IsDefaultInterface = network.Truth("default_interface", false),
        };
    }

    /// <summary>Two keys that there were before the list.</summary>
    private static IEnumerable<CloudNetwork> ReadOld(CloudEntry entry)
    {
        string[] keys = ["external_network", "internal_network"];
        foreach (var key in keys)
        {
            if (entry.Text(key) is not { } name)
            {
                continue;
            }

            if (entry.Has("networks"))
            {
                throw entry.Error($"'{key}' and 'networks' exclude each other; move '{key}' into the list");
            }

            var isExternal = key == keys[0];
            yield return new CloudNetwork(name)
            {
                RoutesIpv4Externally = isExternal,
                RoutesIpv6Externally = isExternal,
                IsDefaultInterface = isExternal,
                IsNatDestination = !isExternal,
            };
        }
    }

    private static void OnlyOne(CloudEntry entry, List<CloudNetwork> networks, string key, Func<CloudNetwork, bool> has)
    {
        var those = networks.Where(has).ToList();
        if (those.Count > 1)
        {
            throw entry.Error($"networks '{those[0].Name}' and '{those[1].Name}' both have '{key}'; one can");
        }
    }
}
