using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Providers.OpenStack;

/// <summary>What only the openstack driver knows of a pool. Limits of cores, RAM and volumes are in <see cref="PoolConfig.Limits"/>.</summary>
public sealed record OpenStackPoolOptions : DriverOptions
{
    /// <summary>Names or ids of networks that instances are attached to; <c>networks</c>; empty leaves it to the cloud.</summary>
    public ValueList<string> Networks { get; init; } = [];

    /// <summary><c>security-groups</c>; empty takes the cloud's default.</summary>
    public ValueList<string> SecurityGroups { get; init; } = [];

    /// <summary>Give instances a floating IP where the cloud has such and they have no public address; <c>auto-floating-ip</c>.</summary>
    public bool AutoFloatingIp { get; init; } = true;

    /// <summary>
    /// Zones to launch in; all nodes of one request are launched in the same; <c>availability-zones</c>; empty takes all that the
    /// cloud names.
    /// </summary>
    public ValueList<string> AvailabilityZones { get; init; } = [];
}
