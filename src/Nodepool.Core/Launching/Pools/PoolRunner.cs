using Microsoft.Extensions.Logging;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>Waits for the right to run one pool, runs it while it has it, and waits again.</summary>
/// <param name="context">The launcher.</param>
/// <param name="first">What the pool is when this begins.</param>
/// <param name="currentConfig">The configuration now.</param>
/// <param name="providers">The open providers.</param>
internal sealed partial class PoolRunner(LauncherContext context, PoolSetup first, Func<NodepoolConfig> currentConfig, ProviderSet providers)
{
    private readonly PoolKey _key = new(first.Provider.Name, first.Pool.Name);
    private readonly string _id = $"{context.Hostname}-PoolWorker.{first.Provider.Name}-{first.Pool.Name}-{context.Sources.Ids.NewId()}";
    private int _ids;

    /// <summary>Runs until cancelled or the session ends.</summary>
    public Task RunAsync(CancellationToken ct) =>
        new LeaseLoop(context, $"pool {_key}", NodepoolPaths.PoolLease(_key.Provider, _key.Pool)).RunAsync(RunOwnedAsync, ct);

    private async Task RunOwnedAsync(ILease lease, CancellationToken ct)
    {
        await using var opened = providers.Use(first.Provider);
        var run = new PoolRun(context, PoolSetup.Find(currentConfig(), _key) ?? first, opened.Provider, lease, NewId);
        var view = await run.Commits.ViewAsync(ct);
        await using var registration = await ComponentRegistration.CreateAsync(context.Engine, Component(run), _id, [run.Commits.Fence], view, context.Sources.Time, ct);
        LogOwned(context.Loggers.CreateLogger($"pool {_key}"), _key);

        // Work on nodes has ended before the lease is given back, whatever the reason for stopping.
        await context.Frame.RunAsync((wake, work) => new PoolReconciler(run, currentConfig, registration, wake, work), ct);
    }

    /// <summary>All ids of this runner begin alike, so that it knows its own registration again whatever became of the last answer.</summary>
    private string NewId() => $"{_id}.{Interlocked.Increment(ref _ids)}";

    private ComponentRecord Component(PoolRun run) => new()
    {
        Kind = "pool",
        Hostname = context.Hostname,
        Version = context.Version,
        Id = run.ComponentId,
        Name = _key.Pool,
        ProviderName = _key.Provider,
        SupportedLabels = run.Setup.Pool.Labels.Select(label => label.Name).ToValueList(),
        Priority = run.Setup.Pool.Priority,
        MinReady = run.Setup.MinReady(context.Options, context.Sources.UnixNow),
        IsStanding = run.Setup.Pool.IsStanding,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Pool {Pool} is run by this launcher")]
    private static partial void LogOwned(ILogger logger, PoolKey pool);
}
