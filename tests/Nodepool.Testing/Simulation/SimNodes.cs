using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Testing.Simulation;

/// <summary>The nodes of one request in the hands of a client that behaves as Zuul does: locked, written as they were read, given back.</summary>
internal sealed class SimNodes(SimStore store, SimWorld world)
{
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (NodeRecord Record, ILease? Lease)> _nodes = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _nodes.Count;

    /// <summary>Locks the nodes of a fulfilled request; false when one cannot be had, which is the client's own doing.</summary>
    public async ValueTask<bool> AcceptAsync(string id, NodeRequestRecord request)
    {
        foreach (var nodeId in request.Nodes)
        {
            var entry = await store.AskAsync(engine => engine.GetAsync(NodepoolPaths.Node(nodeId), CancellationToken.None));
            world.Require(entry is { Data.IsEmpty: false } || world.Model.Tainted.Contains(nodeId), $"request {id} is fulfilled, but when its client comes node {nodeId} is gone");
            if (entry is null or { Data.IsEmpty: true })
            {
                return false;
            }

            if (world.Model.Nodes.GetValueOrDefault(nodeId)?.IsTainted == true)
            {
                // A write of the client itself that came late, without its lock, has spoilt the node.
                return false;
            }

            var node = NodeRecord.Read(entry.Data.Span);
            world.Require(node.AllocatedTo == id, $"request {id} is fulfilled, but when its client comes node {nodeId} belongs to {node.AllocatedTo ?? "nobody"}");
            world.Require(node.State == NodeState.Ready, $"request {id} is fulfilled, but when its client comes node {nodeId} is {node.State}");
            var lease = await store.AskAsync(engine => engine.TryLockAsync(NodepoolPaths.NodeLock(nodeId), new LockOptions(Wait: LockWait), CancellationToken.None));
            _nodes[nodeId] = (node, lease);
            if (lease is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes all of them as Zuul writes: what it read, changed, whatever is there now.</summary>
    public async ValueTask StoreAsync(Func<NodeRecord, NodeRecord> change)
    {
        foreach (var (id, (record, lease)) in _nodes.ToArray())
        {
            _nodes[id] = (change(record), lease);
            await store.TryAsync(new Write.Set(NodepoolPaths.Node(id), _nodes[id].Record.Write(), Write.AnyVersion));
        }
    }

    /// <summary>Gives the locks back.</summary>
    public async ValueTask ReleaseAsync()
    {
        foreach (var (_, lease) in _nodes.Values)
        {
            await (lease?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}
