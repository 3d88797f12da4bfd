using Nodepool.Core.Config;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>
/// The pools that have nodes and that nobody has any more: neither our configuration nor a launcher, which may have read the file
/// earlier or later than we.
/// </summary>
/// <param name="provider">Name of the provider that is looked at; null for all.</param>
/// <param name="patience">For how long a pool has to be nobody's to count; null for <see cref="Patience"/>.</param>
internal sealed class LeftPools(string? provider = null, TimeSpan? patience = null)
{
    /// <summary>A pool that passes from one launcher to another is nobody's for a moment.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _patience = patience ?? Patience;

    private Dictionary<PoolKey, DateTimeOffset> _since = [];

    /// <summary>Looks which they are by now.</summary>
    public void Look(ClusterView view, NodepoolConfig config, DateTimeOffset now)
    {
        _since = view.Nodes.ByPool
            .Where(pair => (provider is null || pair.Key.Provider == provider) && !pair.Value.IsEmpty && IsLeft(view, config, pair.Key))
            .ToDictionary(pair => pair.Key, pair => _since.TryGetValue(pair.Key, out var since) && since <= now ? since : now);
    }

    /// <summary>Neither the configuration nor a launcher has a pool.</summary>
    public static bool IsLeft(ClusterView view, NodepoolConfig config, PoolKey pool) => PoolSetup.Find(config, pool) is null && !view.IsRun(pool);

    /// <summary>Those that have been nobody's for long enough.</summary>
    public IEnumerable<PoolKey> For(DateTimeOffset now) => _since.Where(pair => now - pair.Value >= _patience).Select(pair => pair.Key);

    /// <summary>Time until there are more of them; null when no others are known.</summary>
    public TimeSpan? UntilNext(DateTimeOffset now) =>
        _since.Values.Select(since => _patience - (now - since)).Where(wait => wait > TimeSpan.Zero).Select(wait => (TimeSpan?)wait).Min();
}
