using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Reconciling;

/// <summary>
/// The commits of a lease's owner, and the views that follow them: each commit fails once the lease is somebody else's, and a view holds all
/// commits made before, so that nothing is counted twice or forgotten. May be used by several works at once.
/// </summary>
/// <param name="engine">The store.</param>
/// <param name="feed">Its picture in this process.</param>
/// <param name="lease">Proof of ownership.</param>
internal sealed class FencedCommits(IStateEngine engine, ClusterFeed feed, ILease lease)
{
    private long _position = lease.Position;
    private int _isUnsure;

    /// <summary>The step that makes a commit fail when the lease is no longer ours.</summary>
    public Write Fence { get; } = new Write.Check(lease.Path, Write.AnyVersion);

    /// <summary>A view that holds what became of every commit made here before.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="position">It is not older than this position of the store either.</param>
    /// <exception cref="StateException">After a commit of unknown outcome the store has to be asked, and could not be; or the lease is somebody else's.</exception>
    public async ValueTask<ClusterView> ViewAsync(CancellationToken ct, long position = 0)
    {
        // Another commit tells how far the store is, so that the view shows what became of the one before. Without it room could be given away twice.
        if (Interlocked.Exchange(ref _isUnsure, 0) != 0)
        {
            await CommitAsync([], ct);
        }

        return await feed.AtLeastAsync(Math.Max(position, Interlocked.Read(ref _position)), ct);
    }

    /// <summary>A view that holds also what others had committed when this was called.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="StateException">The store could not be asked, or the lease is somebody else's.</exception>
    public async ValueTask<ClusterView> NewestViewAsync(CancellationToken ct)
    {
        await CommitAsync([], ct);
        return await feed.AtLeastAsync(Interlocked.Read(ref _position), ct);
    }

    /// <summary>Commits all of the writes or none.</summary>
    /// <param name="writes">What is to be written, beside the check of the lease.</param>
    /// <param name="ct">Ends the wait, not what was sent.</param>
    /// <exception cref="StateException">Somebody was quicker, the lease is somebody else's, the store cannot be reached, or the outcome is not known.</exception>
    public async ValueTask<CommitResult> CommitAsync(IEnumerable<Write> writes, CancellationToken ct)
    {
        try
        {
            var result = await engine.CommitAsync([Fence, .. writes], ct);
            Reached(result.Position);
            return result;
        }
        catch (StateException e) when (e.Fault == StateFault.OutcomeUnknown)
        {
            Volatile.Write(ref _isUnsure, 1);
            throw;
        }
    }

    /// <summary>The same; false when somebody was quicker: what there is to do is decided anew.</summary>
    /// <param name="writes">What is to be written, beside the check of the lease.</param>
    /// <param name="ct">Ends the wait, not what was sent.</param>
    /// <exception cref="StateException">The lease is somebody else's, the store cannot be reached, or the outcome is not known.</exception>
    public async ValueTask<bool> TryAsync(IEnumerable<Write> writes, CancellationToken ct)
    {
        try
        {
            await CommitAsync(writes, ct);
            return true;
        }
        catch (StateException e) when (e.IsConflict && e.Path != lease.Path)
        {
            return false;
        }
    }

    private void Reached(long position)
    {
        for (var seen = Interlocked.Read(ref _position); seen < position; seen = Interlocked.Read(ref _position))
        {
            Interlocked.CompareExchange(ref _position, position, seen);
        }
    }
}
