using Nodepool.Core.Collections;
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
                await parts.ApplyAsync([.. Parts(config, providers)]);
                await providers.CloseUnusedAsync(config);
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

    /// <summary>Everything that a launcher runs; the only place where it is listed.</summary>
    private IEnumerable<(string Name, object Identity, Func<CancellationToken, Task> Run)> Parts(NodepoolConfig config, ProviderSet providers)
    {
        foreach (var provider in config.Providers)
        {
            // A provider's parts hang on its section and on the images that it uses, and on nothing else in the file.
            object identity = (provider, provider.DiskImages.Select(image => config.FindDiskImage(image.Name)).ToValueList());
            foreach (var pool in provider.Pools)
            {
                yield return ($"pool {provider.Name}/{pool.Name}", identity, ct =>
                    new PoolRunner(context, config, provider, pool, providers.Get(provider)).RunAsync(ct));
            }

            // All that this duty does is deleting; it is left to launchers that may.
            if (context.Options.Deletes)
            {
                yield return ($"provider {provider.Name}", identity, ct =>
                    RunDutyAsync($"provider-{provider.Name}", (lease, wake, work) => new ProviderReconciler(context, provider, providers.Get(provider), lease, wake, work), ct));
            }
        }

        if (context.Options.Launches)
        {
            yield return ("min-ready", (config.Labels, config.Providers), ct =>
                RunDutyAsync("min-ready", (lease, _, _) => new MinReadyReconciler(context, config, lease), ct));
        }

        yield return ("housekeeping", (config.Labels, config.MaxHoldAge), ct =>
            RunDutyAsync("housekeeping", (lease, _, _) => new HousekeepingReconciler(context, config, lease), ct));
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
