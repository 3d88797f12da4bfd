using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
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
    private readonly RoleFrame _frame = new(context.Engine, context.Feed, context.Sources, openProvider, configurations);

    /// <summary>Every provider that takes images and that the file has, or has had until its uploads are gone, by name.</summary>
    private readonly ConcurrentDictionary<string, ProviderConfig> _known = new(StringComparer.Ordinal);
    private (string Directory, IBuildFiles Files)? _disk;

    /// <inheritdoc/>
    public string Name => "builder";

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="StateException"><see cref="StateFault.SessionEnded"/>: start anew with a new session.</exception>
    public Task RunAsync(CancellationToken ct) => _frame.RunAsync(Component, Parts, ct);

    private ComponentRecord Component => new() { Kind = "builder", Hostname = context.Options.Hostname, Version = context.Options.Version };

    /// <summary>A directory that cannot be used ends the role at its start; later the builder stays where it is.</summary>
    private (string Directory, IBuildFiles Files)? OpenDisk(string? directory)
    {
        try
        {
            return _disk = directory is null ? null : _disk?.Directory == directory ? _disk : (directory, openFiles(directory));
        }
        catch (IOException e) when (_disk is not null)
        {
            LogStays(_logger, e.Message, _disk.Value.Directory);
            return _disk;
        }
    }

    /// <summary>
    /// Everything that a builder runs. Parts read the newest configuration in each pass, so they begin anew only in another directory: then
    /// what is being built is built again there.
    /// </summary>
    private IEnumerable<Part> Parts(NodepoolConfig config, ProviderSet providers)
    {
        if (OpenDisk(config.ImagesDir) is not var (directory, files))
        {
            if (config.DiskImages.Any(image => !image.IsAbstract))
            {
                LogNoDirectory(_logger);
            }

            yield break;
        }

        yield return new Part("builds", directory, ct => context.Frame.RunAsync((wake, work) => new BuildReconciler(context, files, Current, wake, work), ct));
        yield return new Part("uploads", directory, ct => context.Frame.RunAsync((wake, work) => new UploadReconciler(context, files, Current, providers, wake, work), ct));
        yield return new Part("retention", directory, ct => context.Frame.RunAsync((wake, work) => new RetentionReconciler(context, files, Current, providers, wake, work), ct));
        foreach (var provider in config.Providers.Where(provider => provider.ImageFormats.Count > 0))
        {
            _known[provider.Name] = provider;
        }

        foreach (var known in _known.Where(known => config.FindProvider(known.Key) is null).OrderBy(known => known.Key, StringComparer.Ordinal))
        {
            yield return new Part($"uploads at provider {known.Key}, which is leaving", known.Value.OpenPart(), ct => EndUploadsAsync(known, providers, ct));
        }
    }

    /// <summary>As it was opened last the provider stays open until then: what it is opened with may be gone from where that stands.</summary>
    private async Task EndUploadsAsync(KeyValuePair<string, ProviderConfig> known, ProviderSet providers, CancellationToken ct)
    {
        await using var open = providers.Use(known.Value);
        using var spent = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await context.Frame.RunAsync((wake, work) => new LeavingUploads(context, known.Value, providers, wake, work) { OnSpent = spent.Cancel }, spent.Token);
        if (!ct.IsCancellationRequested)
        {
            _known.TryRemove(known);
        }
    }

    private NodepoolConfig Current() => _frame.Config;

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}. The builder goes on in {Present}")]
    private static partial void LogStays(ILogger logger, string reason, string present);

    [LoggerMessage(Level = LogLevel.Error, Message = "images-dir is not set: no image is built, uploaded or deleted here; name a directory in the configuration")]
    private static partial void LogNoDirectory(ILogger logger);
}
