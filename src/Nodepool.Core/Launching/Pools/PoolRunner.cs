using Microsoft.Extensions.Logging;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>Waits for the right to run one pool, runs it while it has it, and waits again.</summary>
internal sealed partial class PoolRunner(LauncherContext context, NodepoolConfig config, ProviderConfig provider, PoolConfig pool, IProvider opened)
{
    private readonly PoolKey _key = new(provider.Name, pool.Name);
    private readonly string _id = $"{context.Hostname}-PoolWorker.{provider.Name}-{pool.Name}-{context.Sources.Ids.NewId()}";

    /// <summary>Runs until cancelled or the session ends.</summary>
    public Task RunAsync(CancellationToken ct) =>
        new LeaseLoop(context, $"pool {_key}", NodepoolPaths.PoolLease(provider.Name, pool.Name)).RunAsync(RunOwnedAsync, ct);

    private async Task RunOwnedAsync(ILease lease, CancellationToken ct)
    {
        // Work on nodes is ended before the lease is given back, whatever the reason for stopping.
        using var work = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var logger = context.Loggers.CreateLogger($"pool {_key}");
        var run = new PoolRun(context, config, provider, pool, opened, lease, _id);
        var view = await context.Feed.AtLeastAsync(lease.Position, ct);
        await using var registration = await ComponentRegistration.CreateAsync(context.Engine, Component(_id), [run.Fence], view, context.Sources.Time, ct);
        LogOwned(logger, _key);
        using var wake = context.Feed.Subscribe();
        await using var reconciler = new PoolReconciler(run, registration, wake, work.Token);
        await new ReconcileLoop(reconciler, wake, context.Sources, logger).RunAsync(ct);
        work.Cancel();
    }

    private ComponentRecord Component(string id) => new()
    {
        Kind = "pool",
        Hostname = context.Hostname,
        Version = context.Version,
        Id = id,
        Name = pool.Name,
        ProviderName = provider.Name,
        SupportedLabels = pool.Labels.Select(label => label.Name).ToValueList(),
        Priority = pool.Priority,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Pool {Pool} is run by this launcher")]
    private static partial void LogOwned(ILogger logger, PoolKey pool);
}
