using Nodepool.Core.Collections;

namespace Nodepool.Providers.OpenStack.Access;

/// <summary>Who we are in which cloud, and what its entry in clouds.yaml says that only the driver can act on.</summary>
public sealed record CloudAccess
{
    /// <summary>Name of the entry in clouds.yaml, which is also the name people know the cloud by.</summary>
    public required string Cloud { get; init; }

    /// <summary>Both in words, for the beginning of messages.</summary>
    public string Title => Region is null ? $"cloud '{Cloud}'" : $"cloud '{Cloud}' region '{Region}'";

    /// <summary>Region; null where the cloud names none.</summary>
    public string? Region { get; init; }

    /// <summary>
    /// Id of the project that the token is for; null for a token without project. An administrator's lists hold other projects' things
    /// too: compare with this.
    /// </summary>
    public string? ProjectId { get; init; }

    /// <summary>Id of the user that the token is for.</summary>
    public string? UserId { get; init; }

    /// <summary>Where floating IPs come from; <c>floating_ip_source</c>.</summary>
    public FloatingIpSource FloatingIpSource { get; init; } = FloatingIpSource.Neutron;

    /// <summary>What is said of single networks; <c>networks</c>, and the older <c>external_network</c> and <c>internal_network</c>.</summary>
    public ValueList<CloudNetwork> Networks { get; init; } = [];

    /// <summary>We sit inside the cloud: private addresses are the ones to use; <c>private</c>.</summary>
    public bool PrefersPrivate { get; init; }

    /// <summary>IPv6 addresses are not to be used; <c>force_ipv4</c>.</summary>
    public bool ForcesIpv4 { get; init; }

    /// <summary>Images are uploaded by import also where the cloud would take the data directly; <c>image_api_use_import</c>.</summary>
    public bool PrefersImport { get; init; }
}
