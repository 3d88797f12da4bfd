using System.Collections.Concurrent;
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
/// Ends uploads in progress that have lost their builder. The builder that has the files looks at the provider: an image that is whole there need not be
/// sent again. Others leave it some time to come back, then the record says that it failed, and the wait for the next try counts from it; what is left
/// at the provider belongs to no record any more, which makes it a leak.
/// </summary>
internal sealed partial class UploadRecovery(BuilderContext context, IBuildFiles files, ProviderSet providers, ILogger logger)
{
    /// <summary>The failure of an upload whose builder did not live to say so.</summary>
    public const string BuilderDied = "the builder ended in the middle of the upload";

    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    // From when an upload in progress was first seen without a builder; who looks at the provider has the lock meanwhile.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);

    /// <summary>When to look again though nothing has changed; null for no such time.</summary>
    public TimeSpan? NextLook { get; private set; }

    /// <summary>The record of an upload that did not come to its end, through no fault of image or provider.</summary>
    public static ImageUploadRecord Interrupted(ImageUploadRecord record, string reason, double unixNow) =>
        record with { State = ImageState.Failed, StateTime = unixNow, Failure = reason, IsInterrupted = true, Progress = null };

    /// <summary>Looks at all uploads, those of other builders included: nobody has to come back to know that they are over.</summary>
    /// <returns>Those to <see cref="TakeUpAsync"/>.</returns>
    public async ValueTask<IReadOnlyList<LostUpload>> RunAsync(ClusterView view, NodepoolConfig config, CancellationToken ct)
    {
        var begun =
            (from image in view.Images.Values
             from upload in image.Uploads.Values
             where upload.Record?.State == ImageState.Uploading
             orderby upload.Path
             select upload).ToArray();
        foreach (var path in _seen.Keys.Except(begun.Select(upload => upload.Path)).ToArray())
        {
            _seen.TryRemove(path, out _);
        }

        var found = new List<LostUpload>();
        NextLook = null;
        foreach (var upload in begun.Where(upload => !view.Image(upload.Image).IsLocked(LockOf(upload))))
        {
            var build = view.Image(upload.Image).Builds.GetValueOrDefault(upload.Build);
            var left = Left(upload);
            if (OrderOf(upload, build, config) is { } order && build!.Record!.BuilderId == files.BuilderId)
            {
                found.Add(new LostUpload(upload, order));
            }
            else if (build?.Record is not { State: ImageState.Ready } record || record.BuilderId == files.BuilderId || left <= TimeSpan.Zero)
            {
                await EndAsync(upload, ct);
            }
            else
            {
                NextLook = NextLook < left ? NextLook : left;
            }
        }

        return found;
    }

    /// <summary>Ends an upload of files that are here.</summary>
    public async Task<WorkResult> TakeUpAsync(LostUpload lost, NodepoolConfig config, CancellationToken ct)
    {
        await using var lease = await context.Engine.TryLockAsync(LockOf(lost.Upload), new LockOptions(context.Options.Hostname), ct);
        if (lease is null)
        {
            return WorkResult.TryLater;
        }

        var stored = (await context.Feed.AtLeastAsync(lease.Position, ct)).Image(lost.Upload.Image);
        if (stored.Uploads.GetValueOrDefault(lost.Upload.Path) is not { Record: { State: ImageState.Uploading } record } upload)
        {
            return WorkResult.Done;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        try
        {
            await new UploadRun(context, files, providers, config, lease, lost.Order, logger).TakeUpAsync(upload, linked.Token);
            return WorkResult.Done;
        }
        catch (ProviderException e)
        {
            LogCannotTell(logger, upload.Image, upload.Build, upload.Id, upload.Provider, e.Fault, e.Message);
            if (Left(upload) > TimeSpan.Zero)
            {
                return WorkResult.TryLater;
            }

            await StoreAsync(lease, upload, record, ct);
            return WorkResult.Done;
        }
    }

    /// <summary>What a lost upload was to bring where; null when nobody would send that today.</summary>
    private static UploadOrder? OrderOf(UploadView upload, BuildView? build, NodepoolConfig config) =>
        build?.Record is { State: ImageState.Ready } record && !record.Withdrawn.ContainsKey(upload.Provider)
        && config.FindProvider(upload.Provider) is { } provider && provider.FindDiskImage(upload.Image) is { } used
            ? new UploadOrder(build, provider, used, upload.Record!.Attempt, upload.Record.Settings ?? "") : null;

    private async ValueTask EndAsync(UploadView lost, CancellationToken ct)
    {
        await using var lease = await context.Engine.TryLockAsync(LockOf(lost), new LockOptions(context.Options.Hostname), ct);
        if (lease is null)
        {
            return;
        }

        var stored = (await context.Feed.AtLeastAsync(lease.Position, ct)).Image(lost.Image);
        if (stored.Uploads.GetValueOrDefault(lost.Path) is { Record: { State: ImageState.Uploading } record } upload)
        {
            await StoreAsync(lease, upload, record, ct);
        }
    }

    private async ValueTask StoreAsync(ILease lease, UploadView upload, ImageUploadRecord record, CancellationToken ct)
    {
        try
        {
            var ended = Interrupted(record, BuilderDied, context.Sources.UnixNow);
            await context.Engine.CommitAsync([new Write.Check(lease.Path, Write.AnyVersion), new Write.Set(upload.Path, ended.Write(), upload.Version)], ct);
            LogLost(logger, upload.Image, upload.Build, upload.Id, upload.Provider);
        }
        catch (StateException e) when (e.IsConflict)
        {
            // Somebody was quicker, or has broken the lock: the next pass looks again.
        }
    }

    /// <summary>How long it may still take until the upload is given up.</summary>
    private TimeSpan Left(UploadView upload)
    {
        var now = context.Sources.Time.GetUtcNow();
        return _seen.GetOrAdd(upload.Path, now) + Grace - now;
    }

    private static string LockOf(UploadView upload) => NodepoolPaths.UploadsLock(upload.Image, upload.Build, upload.Provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {Image} build {Build}: upload {Upload} to provider {Provider} has failed: its builder ended in the middle of it")]
    private static partial void LogLost(ILogger logger, string image, string build, string upload, string provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {Image} build {Build}: upload {Upload} has lost its builder, and provider {Provider} cannot tell now what it has of it: {Fault}: {Reason}")]
    private static partial void LogCannotTell(ILogger logger, string image, string build, string upload, string provider, ProviderFault fault, string reason);
}
