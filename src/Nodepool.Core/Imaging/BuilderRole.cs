using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Launching;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;

namespace Nodepool.Core.Imaging;

/// <summary>The builder: builds images, uploads them, removes what is no longer needed.</summary>
/// <param name="context">What its parts share; the feed is run by the caller.</param>
/// <param name="openFiles">Opens the builder's directory for a configuration that has an <c>images-dir</c>.</param>
/// <param name="openProvider">Opens a provider.</param>
/// <param name="configurations">The configuration now and whenever it changed; only valid ones.</param>
public sealed class BuilderRole(
    BuilderContext context,
    Func<NodepoolConfig, IBuildFiles> openFiles,
    Func<ProviderConfig, IProvider> openProvider,
    IAsyncEnumerable<NodepoolConfig> configurations) : IRole
{
    private volatile NodepoolConfig _config = new();

    /// <inheritdoc/>
    public string Name => "builder";

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="StateException"><see cref="StateFault.SessionEnded"/>: start anew with a new session.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, context.Engine.SessionEnded);
        var component = new ComponentRecord { Kind = "builder", Hostname = context.Options.Hostname, Version = context.Options.Version };
        await using var registration = await ComponentRegistration.CreateAsync(context.Engine, component, linked.Token);
        await using var providers = new ProviderSet(openProvider);
        await using var parts = new PartSet();
        try
        {
            await foreach (var config in configurations.WithCancellation(linked.Token))
            {
                _config = config;
                await parts.ApplyAsync(config.ImagesDir is null ? [] : [.. Parts(config, openFiles(config), providers)]);
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
            throw new StateException(StateFault.SessionEnded, NodepoolPaths.Root, "the store's session has ended; the builder starts anew with a new one");
        }
    }

    private IEnumerable<(string Name, object Identity, Func<CancellationToken, Task> Run)> Parts(NodepoolConfig config, IBuildFiles files, ProviderSet providers)
    {
        object disk = (config.ImagesDir, config.BuildLogDir, config.BuildLogRetention);
        object identity = (disk, config.DiskImages, config.Providers);
        yield return ("builds", disk, ct => RunAsync((wake, work) => new BuildReconciler(context, files, () => _config, wake, work), ct));
        yield return ("uploads", identity, ct => RunAsync((wake, work) => new UploadReconciler(context, files, config, providers, wake, work), ct));
        yield return ("retention", identity, ct => RunAsync((_, _) => new RetentionReconciler(context, files, config, providers), ct));
    }

    private async Task RunAsync(Func<WakeSignal, CancellationToken, IReconciler> create, CancellationToken ct)
    {
        using var work = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var wake = context.Feed.Subscribe();
        var reconciler = create(wake, work.Token);
        try
        {
            await new ReconcileLoop(reconciler, wake, context.Sources, context.Loggers.CreateLogger(reconciler.Name)).RunAsync(ct);
        }
        finally
        {
            work.Cancel();
            await (reconciler is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask);
        }
    }
}
