using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// Idle nodes that may be let go to make room, oldest first: those of the pool, then those of the provider's other pools. If the provider's limits are in the way,
/// nobody else would ever take these away, and a request would wait for ever. Collected when somebody first needs room.
/// </summary>
/// <param name="view">All records.</param>
/// <param name="model">The pool.</param>
/// <param name="promised">Ids of nodes that somebody gets or that go already; grows during the pass.</param>
internal sealed class EvictableNodes(ClusterView view, PoolModel model, HashSet<string> promised)
{
    private List<NodeView>? _nodes;
    private Quota _here = Quota.Zero;
    private Quota _provider = Quota.Zero;

    /// <summary>What they use together: those of the pool, and all.</summary>
    public (Quota Here, Quota Provider) Cost
    {
        get
        {
            _ = All;
            return (_here, _provider);
        }
    }

    /// <summary>Those that are left, the first to go first.</summary>
    public IEnumerable<NodeView> Left => All.Where(node => !promised.Contains(node.Id));

    private List<NodeView> All => _nodes ??= Collect();

    /// <summary>Somebody gets this node, or it goes. To be told before it is promised.</summary>
    public void Take(NodeView node)
    {
        if (_nodes is not null && !promised.Contains(node.Id))
        {
            _provider = _provider.Minus(node.Record!.Cost);
            _here = model.Owns(node) ? _here.Minus(node.Record.Cost) : _here;
        }
    }

    private List<NodeView> Collect()
    {
        List<NodeView> nodes =
        [
            .. view.Nodes.IdleIn(model.Config.Labels.Select(label => (model.Key, label.Name))),
            .. view.Nodes.IdleIn(view.Nodes.Idle.Keys.Where(idle => idle.Pool.Provider == model.Key.Provider && idle.Pool != model.Key)),
        ];
        nodes.RemoveAll(node => node.IsLocked || promised.Contains(node.Id));
        _provider = Quota.Sum(nodes.Select(node => node.Record!.Cost));
        _here = Quota.Sum(nodes.Where(model.Owns).Select(node => node.Record!.Cost));
        return nodes;
    }
}
