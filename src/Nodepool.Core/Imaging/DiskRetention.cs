using Microsoft.Extensions.Logging;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Keeps the builder's disk in step with the records. Files whose build is not in the records, or on its way out, go; so do those that every provider has
/// if the image says so, and those of a finished build that it has no use for. Those of a running build are its own.
/// </summary>
internal sealed partial class DiskRetention(BuilderContext context, IBuildFiles files, Func<NodepoolConfig> currentConfig, RecordRemoval records, ILogger logger)
{
    /// <summary>Looks at all that lies here.</summary>
    public async ValueTask CleanAsync(ClusterView view, CancellationToken ct)
    {
        foreach (var trace in files.List())
        {
            // A build that began after this view is not in it: what counts is the store.
            var image = view.Image(trace.Image);
            var stored = image.Builds.GetValueOrDefault(trace.Build);
            if (stored is null && await context.Engine.GetAsync(NodepoolPaths.Build(trace.Image, trace.Build), ct) is not null)
            {
                continue;
            }

            if (stored is not null && stored.Record is null)
            {
                // What cannot be understood is left alone.
                continue;
            }

            if (stored?.Record!.State is null or ImageState.Deleting or ImageState.Failed)
            {
                if (await files.RemoveAsync(trace.Image, trace.Build, null, ct))
                {
                    LogFilesRemoved(logger, trace.Image, trace.Build);
                }
                else
                {
                    LogStays(logger, files.OutputPath(trace.Image, trace.Build));
                }
            }
            else if (stored.Record.State == ImageState.Ready)
            {
                await RemoveUnfinishedAsync(image, trace, stored.Record, ct);
                await RemoveSpentAsync(image, stored, ct);
            }
        }
    }

    /// <summary>
    /// Left by a builder that died while it converted the build or removed files of it. While somebody builds or converts the image this waits.
    /// </summary>
    private async ValueTask RemoveUnfinishedAsync(ImageView image, BuildTrace trace, ImageBuildRecord record, CancellationToken ct)
    {
        var buildsLock = NodepoolPaths.BuildsLock(image.Name);
        if ((!trace.HasRemains && !trace.Formats.Except(Kept(record)).Any()) || image.IsLocked(buildsLock))
        {
            return;
        }

        await using var lease = await context.Engine.TryLockAsync(buildsLock, new LockOptions(context.Options.Hostname), ct);
        if (lease is null)
        {
            return;
        }

        // A conversion that has ended meanwhile has left files that are in the record now.
        var now = (await context.Feed.AtLeastAsync(lease.Position, ct)).Image(image.Name).Builds.GetValueOrDefault(trace.Build)?.Record;
        if (now is { State: ImageState.Ready })
        {
            if (await files.RemoveAsync(image.Name, trace.Build, Kept(now), ct))
            {
                LogUnfinishedRemoved(logger, image.Name, trace.Build);
            }
            else
            {
                LogStays(logger, files.OutputPath(image.Name, trace.Build));
            }
        }
    }

    private static string[] Kept(ImageBuildRecord record) => [.. record.Formats.Except(record.Removed, StringComparer.Ordinal)];

    /// <summary>Said in the record before it is done: whoever wants to upload it once more is told that it is too late.</summary>
    private async ValueTask RemoveSpentAsync(ImageView image, BuildView build, CancellationToken ct)
    {
        var spent = SpentFormats.Of(image, build, currentConfig()).Intersect(files.Find(image.Name, build.Id).Keys, StringComparer.Ordinal).ToArray();
        var removed = build.Record!.Removed.Union(spent, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList();
        if (!removed.Equals(build.Record.Removed)
            && !await records.TryAsync([new Write.Set(NodepoolPaths.Build(image.Name, build.Id), (build.Record with { Removed = removed }).Write(), build.Version)], ct))
        {
            return;
        }

        foreach (var format in spent)
        {
            files.RemoveFile(image.Name, build.Id, format);
            LogSpent(logger, image.Name, build.Id, format);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: files removed")]
    private static partial void LogFilesRemoved(ILogger logger, string image, string build);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path}.* cannot be removed yet: something runs or is mounted there, or files are another user's and sudo does not help; tried again")]
    private static partial void LogStays(ILogger logger, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: unfinished files removed that a conversion or a deletion has left whose builder ended")]
    private static partial void LogUnfinishedRemoved(ILogger logger, string image, string build);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: {Format} file removed after its uploads (delete-after-upload)")]
    private static partial void LogSpent(ILogger logger, string image, string build, string format);
}
