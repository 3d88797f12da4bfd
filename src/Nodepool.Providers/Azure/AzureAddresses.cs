using Nodepool.Providers.Clouds;

namespace Nodepool.Providers.Azure;

/// <summary>Addresses of a pool's machines.</summary>
/// <param name="Ipv4"><c>ipv4</c>: machines have an IPv4 address; also when <c>public-ipv4</c> is asked for, or neither kind.</param>
/// <param name="Ipv6"><c>ipv6</c>: machines have an IPv6 address; also when <c>public-ipv6</c> is asked for.</param>
/// <param name="Public">Which of them are public, and which address clients are told.</param>
public sealed record AzureAddresses(bool Ipv4, bool Ipv6, AddressChoice Public);
