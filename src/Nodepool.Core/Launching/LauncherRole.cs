using Nodepool.Core.Config;
using Nodepool.Core.Launching.Duties;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;

namespace Nodepool.Core.Launching;

/// <summary>
/// The launcher: serves requests from the pools that it can get hold of, keeps min-ready, deletes what is used. Everything it does is
/// done by one of the parts that <see cref="Parts"/> lists.
/// </summary>
/// <param name="context">What its parts share; the feed is run by the caller.</param>
/// <param name="open">Opens a provider.</param>
/// <param name="configurations">The configuration now and whenever it changed; only valid ones.</param>
public sealed class LauncherRole(LauncherContext context, Func<ProviderConfig, IProvider> open, IAsyncEnumerable<NodepoolConfig> configurations) : IRole
{
    private volatile NodepoolConfig _config = new();

    /// <inheritdoc/>
    public string Name => "launcher";

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="StateException"><see cref="StateFault.SessionEnded"/>: start anew with a new session.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, context.Engine.SessionEnded);
        await using var registration = await ComponentRegistration.CreateAsync(context.Engine, Component, linked.Token);
        await using var providers = new ProviderSet(open);
        await using var parts = new PartSet();
        try
        {
            await foreach (var config in configurations.WithCancellation(linked.Token))
            {
                _config = config;
                await parts.ApplyAsync([.. Parts(config, providers)]);
                await providers.CloseUnusedAsync(config);
                context.Feed.WakeAll();
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, context.Sources.Time, linked.Token);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
            throw new StateException(StateFault.SessionEnded, NodepoolPaths.Root, "the store's session has ended; the launcher starts anew with a new one");
        }
    }

    private ComponentRecord Component => new()
    {
        Kind = "launcher",
        Hostname = context.Hostname,
        Version = context.Version,
        SwitchedOff = context.Options.SwitchedOff,
    };

    /// <summary>
    /// Everything that a launcher runs; the only place where it is listed. Parts read the newest configuration in each pass, so they begin
    /// anew only when their provider has to be opened anew.
    /// </summary>
    private IEnumerable<(string Name, object Identity, Func<CancellationToken, Task> Run)> Parts(NodepoolConfig config, ProviderSet providers)
    {
        foreach (var provider in config.Providers)
        {
            var identity = provider.OpenPart();
            foreach (var setup in provider.Pools.Select(pool => new PoolSetup(config, provider, pool)))
            {
                yield return ($"pool {provider.Name}/{setup.Pool.Name}", identity, new PoolRunner(context, setup, () => _config, providers).RunAsync);
            }

            // All that this duty does is deleting; it is left to launchers that may.
            if (context.Options.Deletes)
            {
                yield return ($"provider {provider.Name}", identity, ct => RunDutyAsync(
                    $"provider-{provider.Name}", (lease, wake, work) => new ProviderReconciler(context, provider.Name, () => _config, providers.Use(provider), lease, wake, work), ct));
            }
        }

        if (context.Options.Launches)
        {
            yield return ("min-ready", "", ct => RunDutyAsync("min-ready", (lease, _, _) => new MinReadyReconciler(context, () => _config, lease), ct));
        }

        yield return ("housekeeping", "", ct => RunDutyAsync("housekeeping", (lease, _, _) => new HousekeepingReconciler(context, () => _config, lease), ct));
    }

    private Task RunDutyAsync(string duty, Func<ILease, WakeSignal, CancellationToken, IReconciler> create, CancellationToken ct) =>
        new LeaseLoop(context, duty, NodepoolPaths.DutyLease(duty)).RunAsync(
            async (lease, owned) =>
            {
                using var work = CancellationTokenSource.CreateLinkedTokenSource(owned);
                using var wake = context.Feed.Subscribe();
                var reconciler = create(lease, wake, work.Token);
                try
                {
                    await new ReconcileLoop(reconciler, wake, context.Sources, context.Loggers.CreateLogger(duty)).RunAsync(owned);
                }
                finally
                {
                    work.Cancel();
                    await (reconciler is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask);
                }
            },
            ct);
}
