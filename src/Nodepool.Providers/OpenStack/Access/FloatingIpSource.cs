namespace Nodepool.Providers.OpenStack.Access;

/// <summary>Which service hands out floating IPs; <c>floating_ip_source</c> in clouds.yaml.</summary>
public enum FloatingIpSource
{
    /// <summary>The network service.</summary>
    Neutron,

    /// <summary>The compute service, as in the days of nova-network; such clouds are treated like those without.</summary>
    Nova,

    /// <summary>There are none.</summary>
    None,
}
