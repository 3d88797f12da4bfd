namespace Nodepool.Providers.OpenStack.Access;

/// <summary>The services of an OpenStack cloud that the driver calls.</summary>
public enum CloudService
{
    /// <summary>Nova: servers, flavors, key pairs, limits.</summary>
    Compute,

    /// <summary>Glance: images.</summary>
    Image,

    /// <summary>Neutron: networks, ports, floating IPs.</summary>
    Network,

    /// <summary>Cinder: volumes.</summary>
    BlockStorage,
}
