using Microsoft.Extensions.Logging;

namespace Nodepool.Core.Providers;

/// <summary>What a driver gets from its process.</summary>
/// <param name="Sources">Time, ids and chance.</param>
/// <param name="Loggers">Makes its loggers.</param>
/// <param name="Directory">A directory of this provider's own, which need not exist yet; stays over restarts.</param>
public sealed record DriverContext(Sources Sources, ILoggerFactory Loggers, string Directory);
