using Microsoft.Extensions.Logging;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Ends builds in progress that have lost their builder. The builder that has the files decides at once: it finds a build that was finished but not
/// stored, and declares any other failed. Others leave it some time to come back, for a build found again may be worth hours.
/// </summary>
internal sealed partial class BuildRecovery(BuilderContext context, IBuildFiles files, ILogger logger)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Image, string Build), DateTimeOffset> _seen = [];

    /// <summary>Looks at all images, those that this builder does not build included.</summary>
    /// <returns>When to look again though nothing has changed; null for no such time.</returns>
    public async ValueTask<TimeSpan?> RunAsync(ClusterView view, CancellationToken ct)
    {
        var now = context.Sources.Time.GetUtcNow();
        TimeSpan? next = null;
        var lost = view.Images.Values.SelectMany(image => image.Builds.Values.Where(image.IsLost))
            .OrderBy(build => build.Image, StringComparer.Ordinal).ThenBy(build => build.Id, StringComparer.Ordinal).ToArray();
        foreach (var key in _seen.Keys.Except(lost.Select(build => (build.Image, build.Id))).ToArray())
        {
            _seen.Remove(key);
        }

        foreach (var build in lost)
        {
            var end = _seen.TryGetValue((build.Image, build.Id), out var since) ? since + Grace : (_seen[(build.Image, build.Id)] = now) + Grace;
            if (IsOurs(build) || end <= now)
            {
                await EndAsync(build, ct);
            }
            else
            {
                next = next is { } earlier && earlier < end - now ? earlier : end - now;
            }
        }

        return next;
    }

    private bool IsOurs(BuildView build) => build.Record!.BuilderId == files.BuilderId;

    private async ValueTask EndAsync(BuildView lost, CancellationToken ct)
    {
        await using var lease = await context.Engine.TryLockAsync(NodepoolPaths.BuildsLock(lost.Image), new LockOptions(context.Options.Hostname), ct);
        if (lease is null)
        {
            return;
        }

        var stored = (await context.Feed.AtLeastAsync(lease.Position, ct)).Image(lost.Image);
        if (stored.Builds.GetValueOrDefault(lost.Id) is not { Record: { State: ImageState.Building } record } build)
        {
            return;
        }

        try
        {
            if (IsOurs(build) && files.Kept.Find(build.Image, build.Id) is { } finished)
            {
                await BuildOutcome.StoreAsync(context.Engine, lease, stored, build.Id, finished, ct);
                LogFound(logger, build.Image, build.Id);
            }
            else
            {
                await BuildOutcome.StoreAsync(context.Engine, lease, stored, build.Id, Interrupted(record, context.Sources.UnixNow), ct);
                LogLost(logger, build.Image, build.Id, record.Builder);
            }
        }
        catch (StateException e) when (e.IsConflict)
        {
            // Somebody was quicker, or has broken the lock: the next pass looks again.
        }
    }

    private static ImageBuildRecord Interrupted(ImageBuildRecord record, double unixNow)
    {
        var run = record.Run ?? new BuildRunRecord { Started = record.StateTime };
        return record with
        {
            State = ImageState.Failed,
            StateTime = unixNow,
            Failure = "the builder ended in the middle of the build",
            Run = run with { IsInterrupted = true, Seconds = Math.Max(0, unixNow - run.Started), FailedIn = run.LastPhase },
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build} is ready: it was finished when its builder ended, and is found again on disk")]
    private static partial void LogFound(ILogger logger, string image, string build);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {Image} build {Build} has failed: its builder {Builder} ended in the middle of it")]
    private static partial void LogLost(ILogger logger, string image, string build, string? builder);
}
