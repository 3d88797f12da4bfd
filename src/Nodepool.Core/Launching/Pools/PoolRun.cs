using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>The right to run a pool, and what it is run with. Ends with the lease; takes over changes of the configuration while it lasts.</summary>
/// <param name="context">The launcher.</param>
/// <param name="setup">What it begins with.</param>
/// <param name="provider">The open provider.</param>
/// <param name="lease">Proof of ownership; every commit checks it.</param>
/// <param name="newId">Makes the ids that the pool is registered under.</param>
internal sealed class PoolRun(LauncherContext context, PoolSetup setup, IProvider provider, ILease lease, Func<string> newId)
{
    private volatile PoolSetup _setup = setup;
    private volatile string _componentId = newId();

    /// <summary>The launcher.</summary>
    public LauncherContext Context => context;

    /// <summary>The configuration that counts now. Changes between passes only; work on nodes looks at it anew for each step.</summary>
    public PoolSetup Setup => _setup;

    /// <summary>The open provider.</summary>
    public IProvider Provider => provider;

    /// <summary>Id that the pool is registered under; signs declines and nodes.</summary>
    public string ComponentId => _componentId;

    /// <summary>Names the pool.</summary>
    public PoolKey Key { get; } = new(setup.Provider.Name, setup.Pool.Name);

    /// <summary>How what is decided here is written: as long as the pool is ours.</summary>
    public FencedCommits Commits { get; } = context.CommitsUnder(lease);

    /// <summary>
    /// The setup that another configuration has for this pool; null when there is nothing to take over: it is the same, or the pool ends
    /// in a moment because it is gone or its provider is to be opened anew.
    /// </summary>
    public PoolSetup? Next(NodepoolConfig config) =>
        !ReferenceEquals(config, _setup.Config) && PoolSetup.Find(config, Key) is { } next && next.Provider.OpenPart() == _setup.Provider.OpenPart() ? next : null;

    /// <summary>Another id, for a pool that has become another.</summary>
    public string NewId() => newId();

    /// <summary>Goes on with another setup, under the id that is registered for it.</summary>
    public void Take(PoolSetup next, string componentId) => (_setup, _componentId) = (next, componentId);
}
