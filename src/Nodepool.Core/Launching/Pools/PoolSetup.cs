using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>What a pool is run with at one moment: a piece of one configuration, consistent in itself.</summary>
/// <param name="Config">The whole configuration.</param>
/// <param name="Provider">The provider's section.</param>
/// <param name="Pool">The pool's section.</param>
internal sealed record PoolSetup(NodepoolConfig Config, ProviderConfig Provider, PoolConfig Pool)
{
    /// <summary>How many nodes of the pool's labels shall be ready, as its component tells whoever sees to that; nothing when we launch none.</summary>
    public ValueMap<long> MinReady(LauncherOptions options, double unixNow) => !options.Launches ? ValueMap<long>.Empty : new ValueMap<long>(
        Pool.Labels.Select(label => KeyValuePair.Create(label.Name, (long)(Config.FindLabel(label.Name)?.ReadyAt(unixNow) ?? 0))).Where(pair => pair.Value > 0));

    /// <summary>Its launches are governed: where something is made for each node, unless the operator has said no.</summary>
    public bool IsGoverned => Provider is { IsGoverned: true, IsBacked: false } && !Pool.IsStanding;

    /// <summary>For how long a request for a label may be tried; by default as long as all attempts together may take here.</summary>
    public TimeSpan LaunchDeadline(string label) => Config.FindLabel(label) is { LaunchDeadline: { Ticks: > 0 } own } ? own : Provider.LaunchTimeout * Provider.LaunchRetries;

    /// <summary>The setup of a pool in a configuration; null when the configuration does not have it.</summary>
    public static PoolSetup? Find(NodepoolConfig config, PoolKey key) =>
        config.FindProvider(key.Provider) is { } provider && provider.Pools.FirstOrDefault(pool => pool.Name == key.Pool) is { } pool
            ? new PoolSetup(config, provider, pool)
            : null;
}
