namespace Nodepool.Providers.OpenStack.Access;

/// <summary>What clouds.yaml says of one network; an element of <c>networks</c>.</summary>
/// <param name="Name">Name or id of the network; <c>name</c>.</param>
public sealed record CloudNetwork(string Name)
{
    /// <summary>IPv4 addresses on it can be reached from outside; <c>routes_ipv4_externally</c>, by default <c>routes_externally</c>.</summary>
    public bool RoutesIpv4Externally { get; init; }

    /// <summary>IPv6 addresses on it can be reached from outside; <c>routes_ipv6_externally</c>, by default <c>routes_externally</c>.</summary>
    public bool RoutesIpv6Externally { get; init; }

    /// <summary>Floating IPs come from it; <c>nat_source</c>; true for at most one network.</summary>
    public bool IsNatSource { get; init; }

    /// <summary>Floating IPs are attached to ports on it; <c>nat_destination</c>; true for at most one network.</summary>
    public bool IsNatDestination { get; init; }

    /// <summary>The network to reach servers on that are on several; <c>default_interface</c>; true for at most one network.</summary>
    public bool IsDefaultInterface { get; init; }
}
