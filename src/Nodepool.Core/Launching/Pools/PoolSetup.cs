using Nodepool.Core.Config;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>What a pool is run with at one moment: a piece of one configuration, consistent in itself.</summary>
/// <param name="Config">The whole configuration.</param>
/// <param name="Provider">The provider's section.</param>
/// <param name="Pool">The pool's section.</param>
internal sealed record PoolSetup(NodepoolConfig Config, ProviderConfig Provider, PoolConfig Pool)
{
    /// <summary>The setup of a pool in a configuration; null when the configuration does not have it.</summary>
    public static PoolSetup? Find(NodepoolConfig config, PoolKey key) =>
        config.FindProvider(key.Provider) is { } provider && provider.Pools.FirstOrDefault(pool => pool.Name == key.Pool) is { } pool
            ? new PoolSetup(config, provider, pool)
            : null;
}
