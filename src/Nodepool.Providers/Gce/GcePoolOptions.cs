using Nodepool.Core.Config;

namespace Nodepool.Providers.Gce;

/// <summary>What a pool of driver <c>gce</c> adds to the common keys.</summary>
public sealed record GcePoolOptions : DriverOptions
{
    /// <summary><c>network</c> of the instances, as a path such as <c>global/networks/default</c>; null: the default one.</summary>
    public string? Network { get; init; }

    /// <summary><c>subnetwork</c>; null: the network's own of that region.</summary>
    public string? Subnetwork { get; init; }

    /// <summary><c>use-internal-ip</c>: clients are told the private address.</summary>
    public bool UseInternalIp { get; init; }
}
