using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>The right to run a pool, and what it is run with. Ends with the lease or when the configuration changes.</summary>
/// <param name="Context">The launcher.</param>
/// <param name="Config">The whole configuration of this run.</param>
/// <param name="ProviderConfig">The provider's section.</param>
/// <param name="Pool">The pool's section.</param>
/// <param name="Provider">The open provider.</param>
/// <param name="Lease">Proof of ownership; every commit checks it.</param>
/// <param name="ComponentId">Id that the pool is registered under.</param>
public sealed record PoolRun(
    LauncherContext Context,
    NodepoolConfig Config,
    ProviderConfig ProviderConfig,
    PoolConfig Pool,
    IProvider Provider,
    ILease Lease,
    string ComponentId)
{
    /// <summary>Names the pool.</summary>
    public PoolKey Key => new(ProviderConfig.Name, Pool.Name);

    /// <summary>The step that makes a commit fail when the pool is no longer ours.</summary>
    public Write Fence => new Write.Check(Lease.Path, Write.AnyVersion);
}
