using Nodepool.Core.Config;
using Nodepool.Providers.Clouds;

namespace Nodepool.Providers.IbmVpc;

/// <summary>Where instances are: what a pool of driver <c>ibmvpc</c> adds to the common keys, and what a provider gives to its pools.</summary>
public sealed record IbmVpcNetwork : DriverOptions
{
    /// <summary><c>zone</c>.</summary>
    public string Zone { get; init; } = "";

    /// <summary><c>subnet</c>: name of it.</summary>
    public string Subnet { get; init; } = "";

    /// <summary><c>public-ipv4</c> and <c>use-internal-ip</c>.</summary>
    public AddressChoice Addresses { get; init; } = new(PublicIpv4: false, PublicIpv6: false, UseInternalIp: false);
}
