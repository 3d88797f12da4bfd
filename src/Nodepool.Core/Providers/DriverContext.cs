using Microsoft.Extensions.Logging;
using Nodepool.Core.View;

namespace Nodepool.Core.Providers;

/// <summary>What a driver gets from its process.</summary>
/// <param name="Sources">Time, ids and chance.</param>
/// <param name="Loggers">Makes its loggers.</param>
/// <param name="Directory">A directory of this provider's own, which need not exist yet; stays over restarts.</param>
public sealed record DriverContext(Sources Sources, ILoggerFactory Loggers, string Directory)
{
    /// <summary>The newest view, for a driver whose nodes are made of other nodes; null in commands that launch nothing.</summary>
    public ClusterFeed? Feed { get; init; }
}
