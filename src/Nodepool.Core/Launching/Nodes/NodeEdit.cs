using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Core.Launching.Nodes;

/// <summary>
/// Changes one node's record while we hold its lock. Other parts of this launcher may change the allocation of the same node
/// meanwhile, therefore every change is a compare-and-set on what was last read.
/// </summary>
internal sealed class NodeEdit(IStateEngine engine, Sources sources, string id, ILease lease, Write fence)
{
    private const int MostConflicts = 20;

    private string Path => NodepoolPaths.Node(id);

    /// <summary>The record now; null when it is gone or cannot be understood.</summary>
    public async ValueTask<NodeRecord?> ReadAsync(CancellationToken ct) =>
        await engine.GetAsync(Path, ct) is { Data.IsEmpty: false } entry ? NodeRecord.Read(entry.Data.Span) : null;

    /// <summary>Stores what <paramref name="change"/> makes of the record; null leaves it. With <paramref name="release"/> the lock is given back in the same commit.</summary>
    /// <returns>The stored record, or null when the node is gone or nothing was to be changed.</returns>
    public async ValueTask<NodeRecord?> ChangeAsync(Func<NodeRecord, NodeRecord?> change, bool release, CancellationToken ct)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            if (await engine.GetAsync(Path, ct) is not { Data.IsEmpty: false } entry || change(NodeRecord.Read(entry.Data.Span)) is not { } next)
            {
                return null;
            }

            try
            {
                Write mine = release ? new Write.Delete(lease.Path, Write.AnyVersion) : new Write.Check(lease.Path, Write.AnyVersion);
                await engine.CommitAsync([fence, mine, new Write.Set(Path, next.Write(), entry.Version)], ct);
                if (release)
                {
                    lease.Released();
                }

                return next;
            }
            catch (StateException e) when (e.Fault == StateFault.VersionMismatch && e.Path == Path && conflicts < MostConflicts)
            {
                // Somebody changed the allocation: read again.
            }
        }
    }

    /// <summary>Removes the record, its lock with it, in one commit; false when somebody waits for the lock and therefore sees the tombstone.</summary>
    public async ValueTask<bool> RemoveAsync(CancellationToken ct)
    {
        try
        {
            await engine.CommitAsync(
            [
                fence,
                new Write.Delete(lease.Path, Write.AnyVersion),
                new Write.Delete(NodepoolPaths.NodeLock(id), Write.AnyVersion),
                new Write.Delete(Path, Write.AnyVersion),
            ],
            ct);
            lease.Released();
            return true;
        }
        catch (StateException e) when (e.Fault == StateFault.NotEmpty)
        {
            await ChangeAsync(node => node.State == NodeState.Deleted ? node : node.To(NodeState.Deleted, sources.UnixNow), release: true, ct);
            return false;
        }
    }
}
