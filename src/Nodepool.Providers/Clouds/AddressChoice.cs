namespace Nodepool.Providers.Clouds;

/// <summary>Which public addresses instances of a pool get, and which address clients are told.</summary>
/// <param name="PublicIpv4"><c>public-ipv4</c>: a public IPv4 address.</param>
/// <param name="PublicIpv6"><c>public-ipv6</c>: a public IPv6 address.</param>
/// <param name="UseInternalIp"><c>use-internal-ip</c>: clients are told the private address, although there is a public one.</param>
public sealed record AddressChoice(bool PublicIpv4, bool PublicIpv6, bool UseInternalIp);
