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
    /// <param name="label">What it was made as.</param>
    /// <param name="seconds">How long that took.</param>
    /// <param name="ct">Ends the counting.</param>
    public ValueTask ReadyAsync(string? imageId, string label, double seconds, CancellationToken ct) =>
        CountAsync(imageId, label, tally => tally with { Ready = tally.Ready + 1, Seconds = tally.Seconds + Math.Max(0, seconds) }, ct);

    /// <summary>An attempt to launch one has failed.</summary>
    public ValueTask FailedAsync(string? imageId, string label, CancellationToken ct) => CountAsync(imageId, label, tally => tally with { Failed = tally.Failed + 1 }, ct);

    /// <summary>A job on one has ended.</summary>
    public ValueTask JobAsync(string? imageId, string label, bool hasFailed, CancellationToken ct) => CountAsync(
        imageId,
        label,
        tally => hasFailed ? tally with { JobsFailed = tally.JobsFailed + 1 } : tally with { JobsPassed = tally.JobsPassed + 1 },
        ct);

    /// <summary>A label with a trial of its own takes no part in that of the others.</summary>
    private async ValueTask CountAsync(string? imageId, string label, Func<CanaryTally, CanaryTally> count, CancellationToken ct)
    {
        if (imageId is null || ImageDataPath.Parse(imageId) is not { Upload: not null, Provider: { } provider } upload)
        {
            return;
        }

        foreach (var scope in (CanaryScope[])[new(provider, label), new(provider)])
        {
            var seen = feed?.Current.Image(upload.Image).Canaries.GetValueOrDefault(scope);
            if (seen is { Record: not { IsOpen: true } })
            {
                return;
            }

            if ((feed is null || seen is not null) && await CountAtAsync(NodepoolPaths.Canary(upload.Image, scope), imageId, count, ct))
            {
                return;
            }
        }
    }

    /// <returns>Whether there is an entry, whatever became of the result.</returns>
    private async ValueTask<bool> CountAtAsync(string path, string imageId, Func<CanaryTally, CanaryTally> count, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                if (await engine.GetAsync(path, ct) is not { } entry)
                {
                    return false;
                }

                if (Counted(entry, imageId, count) is { } next)
                {
                    await engine.CommitAsync([new Write.Set(path, next.Write(), entry.Version)], ct);
                }

                return true;
            }
            catch (StateException e) when (e.IsConflict)
            {
                // Another launch ended at the same moment: count on what it has stored.
            }
            catch (StateException)
            {
                // One result less; nobody waits for it.
                return true;
            }
        }

        return true;
    }

    private static CanaryRecord? Counted(Entry entry, string imageId, Func<CanaryTally, CanaryTally> count) => ClusterViewBuilder.Understand(entry, CanaryRecord.Read) switch
    {
        { IsOpen: true } record when record.Candidate == imageId => record with { New = count(record.New) },
        { IsOpen: true } record when record.Trusted == imageId => record with { Old = count(record.Old) },
        _ => null,
    };
}
