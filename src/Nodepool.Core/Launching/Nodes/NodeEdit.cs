using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Nodes;

/// <summary>
/// Changes one node's record while we hold its lock. Other parts of this launcher may change the allocation of the same node
/// meanwhile, therefore every change is a compare-and-set on what was last known; it is read only when that has become wrong.
/// </summary>
/// <param name="engine">The store.</param>
/// <param name="sources">The clock.</param>
/// <param name="id">The node.</param>
/// <param name="lease">Its lock.</param>
/// <param name="fence">Fails when we may not work on it any more.</param>
/// <param name="feed">Shows what others do with it; null to read it from the store.</param>
internal sealed class NodeEdit(IStateEngine engine, Sources sources, string id, ILease lease, Write fence, ClusterFeed? feed = null)
{
    private const int MostConflicts = 20;

    private (NodeRecord Record, int Version)? _known;
    private long _position = lease.Position;

    private string Path => NodepoolPaths.Node(id);

    /// <summary>The record now; null when it is gone.</summary>
    public async ValueTask<NodeRecord?> ReadAsync(CancellationToken ct)
    {
        _known = null;
        return (await KnownAsync(ct))?.Record;
    }

    /// <summary>Stores what <paramref name="change"/> makes of the record; null leaves it. With <paramref name="release"/> the lock is given back in the same commit.</summary>
    /// <returns>The stored record, or null when the node is gone or nothing was to be changed.</returns>
    public async ValueTask<NodeRecord?> ChangeAsync(Func<NodeRecord, NodeRecord?> change, bool release, CancellationToken ct)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            if (await KnownAsync(ct) is not { } known || change(known.Record) is not { } next)
            {
                return null;
            }

            try
            {
                Write mine = release ? new Write.Delete(lease.Path, Write.AnyVersion) : new Write.Check(lease.Path, Write.AnyVersion);
                _position = (await engine.CommitAsync([fence, mine, new Write.Set(Path, next.Write(), known.Version)], ct)).Position;
                _known = (next, known.Version + 1);
                if (release)
                {
                    lease.Released();
                }

                return next;
            }
            catch (StateException e) when (e.Fault == StateFault.VersionMismatch && e.Path == Path && conflicts < MostConflicts)
            {
                // Somebody changed the allocation: what was known is old, and so may be the view.
                _known = await StoredAsync(ct);
                if (_known is null)
                {
                    return null;
                }
            }
        }
    }

    /// <summary>
    /// Completes when the view shows all that we did: as long as it does not, the next plan would have the same work done again.
    /// </summary>
    public async ValueTask UntilSeenAsync(CancellationToken ct)
    {
        if (feed is not null)
        {
            await feed.AtLeastAsync(_position, ct);
        }
    }

    /// <summary>Removes the record, its lock with it, in one commit; false when somebody waits for the lock and therefore sees the tombstone.</summary>
    public async ValueTask<bool> RemoveAsync(CancellationToken ct)
    {
        try
        {
            var removed = await engine.CommitAsync(
            [
                fence,
                new Write.Delete(lease.Path, Write.AnyVersion),
                new Write.Delete(NodepoolPaths.NodeLock(id), Write.AnyVersion),
                new Write.Delete(Path, Write.AnyVersion),
            ],
            ct);
            _position = removed.Position;
            lease.Released();
            return true;
        }
        catch (StateException e) when (e.Fault == StateFault.NotEmpty)
        {
            await ChangeAsync(node => node.State == NodeState.Deleted ? node : node.To(NodeState.Deleted, sources.UnixNow), release: true, ct);
            return false;
        }
    }

    private async ValueTask<(NodeRecord Record, int Version)?> KnownAsync(CancellationToken ct) => _known ??= await SeenAsync(ct) ?? await StoredAsync(ct);

    /// <summary>What the view says once it includes all that we did.</summary>
    private async ValueTask<(NodeRecord Record, int Version)?> SeenAsync(CancellationToken ct) =>
        feed is not null && (await feed.AtLeastAsync(_position, ct)).Nodes.ById.TryGetValue(id, out var node) && node.Record is { } record
            ? (record, node.Version)
            : null;

    private async ValueTask<(NodeRecord Record, int Version)?> StoredAsync(CancellationToken ct) =>
        await engine.GetAsync(Path, ct) is { Data.IsEmpty: false } entry ? (NodeRecord.Read(entry.Data.Span), entry.Version) : null;
}
