using Nodepool.Core.Config;

namespace Nodepool.Providers.Gce;

/// <summary>What a pool of driver <c>gce</c> adds to the common keys.</summary>
/// <param name="UseInternalIp"><c>use-internal-ip</c>: clients are told the private address.</param>
public sealed record GcePoolOptions(bool UseInternalIp) : DriverOptions;
