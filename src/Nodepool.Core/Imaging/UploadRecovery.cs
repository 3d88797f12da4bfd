using Microsoft.Extensions.Logging;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Ends uploads in progress that have lost their builder: the record says so from then on, and the wait for the next try counts from it. What the dead
/// builder has left at the provider belongs to no record any more, which makes it a leak.
/// </summary>
internal sealed partial class UploadRecovery(BuilderContext context, ILogger logger)
{
    /// <summary>The record of an upload that did not come to its end, through no fault of image or provider.</summary>
    public static ImageUploadRecord Interrupted(ImageUploadRecord record, string reason, double unixNow) =>
        record with { State = ImageState.Failed, StateTime = unixNow, Failure = reason, IsInterrupted = true, Progress = null };

    /// <summary>Looks at all uploads, those of other builders included: nobody has to come back to know that they are over.</summary>
    public async ValueTask RunAsync(ClusterView view, CancellationToken ct)
    {
        var lost =
            from image in view.Images.Values
            from upload in image.Uploads.Values
            where upload.Record?.State == ImageState.Uploading && !image.IsLocked(LockOf(upload))
            orderby upload.Path
            select upload;
        foreach (var upload in lost.ToArray())
        {
            await EndAsync(upload, ct);
        }
    }

    private async ValueTask EndAsync(UploadView lost, CancellationToken ct)
    {
        await using var lease = await context.Engine.TryLockAsync(LockOf(lost), new LockOptions(context.Options.Hostname), ct);
        if (lease is null)
        {
            return;
        }

        var stored = (await context.Feed.AtLeastAsync(lease.Position, ct)).Image(lost.Image);
        if (stored.Uploads.GetValueOrDefault(lost.Path) is not { Record: { State: ImageState.Uploading } record } upload)
        {
            return;
        }

        try
        {
            var ended = Interrupted(record, "the builder ended in the middle of the upload", context.Sources.UnixNow);
            await context.Engine.CommitAsync([new Write.Check(lease.Path, Write.AnyVersion), new Write.Set(upload.Path, ended.Write(), upload.Version)], ct);
            LogLost(logger, upload.Image, upload.Build, upload.Id, upload.Provider);
        }
        catch (StateException e) when (e.IsConflict)
        {
            // Somebody was quicker, or has broken the lock: the next pass looks again.
        }
    }

    private static string LockOf(UploadView upload) => NodepoolPaths.UploadsLock(upload.Image, upload.Build, upload.Provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {Image} build {Build}: upload {Upload} to provider {Provider} has failed: its builder ended in the middle of it")]
    private static partial void LogLost(ILogger logger, string image, string build, string upload, string provider);
}
