using Nodepool.Core.Config;
using Nodepool.Providers.Clouds;

namespace Nodepool.Providers.Aws;

/// <summary>What a pool of driver <c>aws</c> adds to the common keys.</summary>
public sealed record AwsPoolOptions : DriverOptions
{
    /// <summary><c>security-group-id</c>; null: the default group of the network.</summary>
    public string? SecurityGroup { get; init; }

    /// <summary><c>subnet-id</c>; null: a default subnet.</summary>
    public string? Subnet { get; init; }

    /// <summary><c>availability-zone</c>; null: the cloud chooses.</summary>
    public string? AvailabilityZone { get; init; }

    /// <summary><c>public-ipv4</c>, <c>public-ipv6</c>, <c>use-internal-ip</c>.</summary>
    public required AddressChoice Addresses { get; init; }
}
