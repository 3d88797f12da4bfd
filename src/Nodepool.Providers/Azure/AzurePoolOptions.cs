using Nodepool.Core.Config;

namespace Nodepool.Providers.Azure;

/// <summary>What a pool of driver <c>azure</c> adds to the common keys.</summary>
/// <param name="Addresses"><c>ipv4</c>, <c>ipv6</c>, <c>public-ipv4</c>, <c>public-ipv6</c>, <c>use-internal-ip</c>.</param>
public sealed record AzurePoolOptions(AzureAddresses Addresses) : DriverOptions;
