using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Carries out <see cref="RetentionPlanner"/> and keeps the builder's disk in step with the records. Every step names the version that it was
/// decided on, so several builders may do this at once.
/// </summary>
internal sealed partial class RetentionReconciler(BuilderContext context, IBuildFiles files, Func<NodepoolConfig> currentConfig, ProviderSet providers) : IReconciler
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = context.Loggers.CreateLogger("retention");
    private readonly Dictionary<string, (int Failures, DateTimeOffset NotBefore)> _delayed = new(StringComparer.Ordinal);
    private DateTimeOffset _nextLook = DateTimeOffset.MinValue;
    private long _position;

    public string Name => "retention";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        var view = await context.Feed.AtLeastAsync(_position, ct);
        var plan = RetentionPlanner.Plan(view, currentConfig());
        foreach (var upload in plan.Uploads)
        {
            await DeleteUploadAsync(upload, ct);
        }

        foreach (var build in plan.Builds)
        {
            var record = build.Record! with { State = ImageState.Deleting, StateTime = context.Sources.UnixNow };
            await TryAsync([new Write.Set(NodepoolPaths.Build(build.Image, build.Id), record.Write(), build.Version)], ct);
        }

        foreach (var build in plan.Gone)
        {
            await RemoveRecordAsync(build, ct);
        }

        var now = context.Sources.Time.GetUtcNow();
        if (now >= _nextLook)
        {
            await CleanDiskAsync(view, ct);
            _nextLook = now + Period;
        }

        return _nextLook - now;
    }

    /// <summary>Files whose build is not in the records, or on its way out, go; those of a running build are its own.</summary>
    private async ValueTask CleanDiskAsync(ClusterView view, CancellationToken ct)
    {
        foreach (var (image, build) in files.List())
        {
            // A build that began after this view is not in it: what counts is the store.
            var stored = view.Image(image).Builds.GetValueOrDefault(build);
            if (stored is null && await context.Engine.GetAsync(NodepoolPaths.Build(image, build), ct) is not null)
            {
                continue;
            }

            if (stored?.Record?.State is null or ImageState.Deleting or ImageState.Failed)
            {
                await files.RemoveAsync(image, build, ct);
                LogFilesRemoved(_logger, image, build);
            }
        }
    }

    private async ValueTask DeleteUploadAsync(UploadView upload, CancellationToken ct)
    {
        var now = context.Sources.Time.GetUtcNow();
        var version = upload.Version;
        if (_delayed.TryGetValue(upload.Path, out var delayed) && delayed.NotBefore > now)
        {
            return;
        }

        if (upload.Record is { State: not ImageState.Deleting } record)
        {
            // Said before it is done: no launcher starts another node from it.
            var deleting = record with { State = ImageState.Deleting, StateTime = context.Sources.UnixNow };
            if (!await TryAsync([new Write.Set(upload.Path, deleting.Write(), version)], ct))
            {
                return;
            }

            version++;
        }

        try
        {
            if (upload.Record?.ExternalId is { } externalId && currentConfig().FindProvider(upload.Provider) is { } provider)
            {
                await using var opened = providers.Use(provider);
                await (opened.Provider is IImageProvider images ? images.DeleteImageAsync(externalId, ct) : ValueTask.CompletedTask);
            }

            _delayed.Remove(upload.Path);
        }
        catch (ProviderException e)
        {
            var failures = delayed.Failures + 1;
            var delay = Backoff.Delay(failures, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), context.Sources.Random.NextDouble());
            _delayed[upload.Path] = (failures, now + delay);
            LogCannotDelete(_logger, upload.Image, upload.Build, upload.Provider, e.Fault, e.Message, delay);
            return;
        }

        await RemoveTreeAsync(upload.Path, version, ct);
        LogUploadGone(_logger, upload.Image, upload.Build, upload.Provider, upload.Id);
    }

    private async ValueTask RemoveRecordAsync(BuildView build, CancellationToken ct)
    {
        if (build.Record?.BuilderId == files.BuilderId)
        {
            await files.RemoveAsync(build.Image, build.Id, ct);
        }

        await RemoveTreeAsync(NodepoolPaths.Build(build.Image, build.Id), build.Version, ct);
        LogBuildGone(_logger, build.Image, build.Id);
    }

    /// <summary>Deletes an entry with the empty directories (locks, providers) below it.</summary>
    private async ValueTask RemoveTreeAsync(string path, int version, CancellationToken ct)
    {
        var writes = new List<Write>();
        await CollectAsync(path, version, writes, ct);
        await TryAsync([.. writes], ct);
    }

    private async ValueTask CollectAsync(string path, int version, List<Write> writes, CancellationToken ct)
    {
        foreach (var child in await context.Engine.ListAsync(path, ct))
        {
            await CollectAsync($"{path}/{child}", Write.AnyVersion, writes, ct);
        }

        writes.Add(new Write.Delete(path, version));
    }

    private async ValueTask<bool> TryAsync(Write[] writes, CancellationToken ct)
    {
        try
        {
            _position = (await context.Engine.CommitAsync(writes, ct)).Position;
            return true;
        }
        catch (StateException e) when (e.IsConflict)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: files removed")]
    private static partial void LogFilesRemoved(ILogger logger, string image, string build);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build} deleted")]
    private static partial void LogBuildGone(ILogger logger, string image, string build);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: upload {Upload} to provider {Provider} deleted")]
    private static partial void LogUploadGone(ILogger logger, string image, string build, string provider, string upload);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {Image} build {Build} cannot be deleted at provider {Provider} now: {Fault}: {Reason}; next try in {Delay}")]
    private static partial void LogCannotDelete(ILogger logger, string image, string build, string provider, ProviderFault fault, string reason, TimeSpan delay);
}
