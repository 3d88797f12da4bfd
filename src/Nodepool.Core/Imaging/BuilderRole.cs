using Microsoft.Extensions.Logging;
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
/// <param name="openFiles">Opens the builder's directory, an <c>images-dir</c>.</param>
/// <param name="openProvider">Opens a provider.</param>
/// <param name="configurations">The configuration now and whenever it changed; only valid ones.</param>
public sealed partial class BuilderRole(
    BuilderContext context,
    Func<string, IBuildFiles> openFiles,
    Func<ProviderConfig, IProvider> openProvider,
    IAsyncEnumerable<NodepoolConfig> configurations) : IRole
{
    private readonly ILogger _logger = context.Loggers.CreateLogger("builder");
    private volatile NodepoolConfig _config = new();
    private (string Directory, IBuildFiles Files)? _disk;

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
                await parts.ApplyAsync(OpenDisk(config.ImagesDir) is { } disk ? [.. Parts(disk.Directory, disk.Files, providers)] : []);
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
            throw new StateException(StateFault.SessionEnded, NodepoolPaths.Root, "the store's session has ended; the builder starts anew with a new one");
        }
    }

    /// <summary>A directory that cannot be used ends the role at its start; later the builder stays where it is.</summary>
    private (string Directory, IBuildFiles Files)? OpenDisk(string? directory)
    {
        try
        {
            return _disk = directory is null ? null : _disk?.Directory == directory ? _disk : (directory, openFiles(directory));
        }
        catch (Exception e) when (_disk is not null && e is IOException or UnauthorizedAccessException)
        {
            LogStays(_logger, directory!, e.Message, _disk!.Value.Directory);
            return _disk;
        }
    }

    /// <summary>
    /// Everything that a builder runs. Parts read the newest configuration in each pass, so they begin anew only in another directory: then
    /// what is being built is built again there.
    /// </summary>
    private IEnumerable<(string Name, object Identity, Func<CancellationToken, Task> Run)> Parts(string directory, IBuildFiles files, ProviderSet providers)
    {
        yield return ("builds", directory, ct => RunAsync((wake, work) => new BuildReconciler(context, files, () => _config, wake, work), ct));
        yield return ("uploads", directory, ct => RunAsync((wake, work) => new UploadReconciler(context, files, () => _config, providers, wake, work), ct));
        yield return ("retention", directory, ct => RunAsync((_, _) => new RetentionReconciler(context, files, () => _config, providers), ct));
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

    [LoggerMessage(Level = LogLevel.Error, Message = "images-dir {Directory} cannot be used: {Reason}; the builder goes on in {Present}")]
    private static partial void LogStays(ILogger logger, string directory, string reason, string present);
}
