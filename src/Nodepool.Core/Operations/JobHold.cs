using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>The decision to keep the node of a failed job.</summary>
/// <param name="Job">Exact name of the job.</param>
/// <param name="Comment">Stored with the node.</param>
/// <param name="Fence">
/// Belongs into the commit that holds the node. It stores the job's record again: of several who decide on the same count only one comes through.
/// </param>
internal sealed record JobHold(string Job, string Comment, Write Fence)
{
    /// <summary>Decides; null when nobody wants the job's nodes or enough of them are held.</summary>
    public static async ValueTask<JobHold?> FindAsync(IStateEngine engine, EndedJob? job, CancellationToken ct)
    {
        if (job is not { HasFailed: true } || await WishAsync(engine, job.Name, ct) is not { } wish)
        {
            return null;
        }

        // Counted after the wish was read: a hold that this count misses has changed the wish's version.
        var held = 0;
        await foreach (var batch in engine.WatchAsync(NodepoolPaths.Nodes, ct))
        {
            held = new ClusterView().After(batch).Nodes is var nodes ? nodes.Held.Count(id => nodes.ById[id].Record!.HoldJob == job.Name) : 0;
            break;
        }

        return held < wish.Most
            ? new JobHold(job.Name, $"job {job.Name} failed; node {held + 1} of {wish.Most} that are held for it", new Write.Set(wish.Entry.Path, wish.Entry.Data, wish.Entry.Version))
            : null;
    }

    /// <summary>Two records of one job are no sum: the one that wants more counts.</summary>
    private static async ValueTask<(Entry Entry, int Most)?> WishAsync(IStateEngine engine, string name, CancellationToken ct)
    {
        (Entry Entry, int Most)? wish = null;
        foreach (var id in await engine.ListAsync(NodepoolPaths.Jobs, ct))
        {
            if (await engine.GetAsync(NodepoolPaths.Job(id), ct) is { } entry
                && ClusterViewBuilder.Understand(entry, JobRecord.Read) is { HoldOnFailure: > 0 } record
                && record.Name == name
                && record.HoldOnFailure > (wish?.Most ?? 0))
            {
                wish = (entry, record.HoldOnFailure);
            }
        }

        return wish;
    }
}
