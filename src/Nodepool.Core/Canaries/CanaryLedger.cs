using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Canaries;

/// <summary>Counts the results of launches from uploads that are on trial, or stand beside one.</summary>
/// <param name="engine">The store.</param>
/// <param name="feed">Tells without a request whether there is a trial at all; null for somebody who has none.</param>
public sealed class CanaryLedger(IStateEngine engine, ClusterFeed? feed = null)
{
    private const int Attempts = 5;

    /// <summary>A node got ready.</summary>
    /// <param name="imageId">What it was booted from: the path of an upload, or anything else.</param>
    /// <param name="seconds">How long that took.</param>
    /// <param name="ct">Ends the counting.</param>
    public ValueTask ReadyAsync(string? imageId, double seconds, CancellationToken ct) =>
        CountAsync(imageId, tally => tally with { Ready = tally.Ready + 1, Seconds = tally.Seconds + Math.Max(0, seconds) }, ct);

    /// <summary>An attempt to launch one has failed.</summary>
    public ValueTask FailedAsync(string? imageId, CancellationToken ct) => CountAsync(imageId, tally => tally with { Failed = tally.Failed + 1 }, ct);

    /// <summary>A job on one has ended.</summary>
    public ValueTask JobAsync(string? imageId, bool hasFailed, CancellationToken ct) => CountAsync(
        imageId,
        tally => hasFailed ? tally with { JobsFailed = tally.JobsFailed + 1 } : tally with { JobsPassed = tally.JobsPassed + 1 },
        ct);

    private async ValueTask CountAsync(string? imageId, Func<CanaryTally, CanaryTally> count, CancellationToken ct)
    {
        if (imageId is null || ImageDataPath.Parse(imageId) is not { Upload: not null } upload
            || (feed is not null && feed.Current.Image(upload.Image).Canaries.GetValueOrDefault(upload.Provider!)?.Record is not { IsOpen: true }))
        {
            return;
        }

        var path = NodepoolPaths.Canary(upload.Image, upload.Provider!);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                if (await engine.GetAsync(path, ct) is not { } entry || Counted(entry, imageId, count) is not { } next)
                {
                    return;
                }

                await engine.CommitAsync([new Write.Set(path, next.Write(), entry.Version)], ct);
                return;
            }
            catch (StateException e) when (e.IsConflict)
            {
                // Another launch ended at the same moment: count on what it has stored.
            }
            catch (StateException)
            {
                // One result less; nobody waits for it.
                return;
            }
        }
    }

    private static CanaryRecord? Counted(Entry entry, string imageId, Func<CanaryTally, CanaryTally> count) => ClusterViewBuilder.Understand(entry, CanaryRecord.Read) switch
    {
        { IsOpen: true } record when record.Candidate == imageId => record with { New = count(record.New) },
        { IsOpen: true } record when record.Trusted == imageId => record with { Old = count(record.Old) },
        _ => null,
    };
}
