using Nodepool.Core.Launching.Standing;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>The idle nodes that a pass may still give away or let go: what is promised to a request is nobody else's.</summary>
internal sealed class IdleNodes
{
    private readonly ClusterView _view;
    private readonly PoolModel _model;
    private readonly HashSet<string> _promised = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IdleShelf> _shelves = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WaitingLine> _lines = new(StringComparer.Ordinal);

    public IdleNodes(ClusterView view, PoolModel model)
    {
        (_view, _model) = (view, model);
        Evictable = new EvictableNodes(view, model, _promised);
    }

    /// <summary>Those that may be let go to make room.</summary>
    public EvictableNodes Evictable { get; }

    /// <summary>Nodes of these labels are left to a request that waits.</summary>
    /// <param name="request">It.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="isStrict">By those of its own priority too.</param>
    public void LeaveTo(RequestView request, IEnumerable<string> labels, bool isStrict)
    {
        foreach (var label in labels)
        {
            if (!_lines.TryGetValue(label, out var line))
            {
                _lines[label] = line = new WaitingLine();
            }

            line.Add(request, 1, isStrict);
        }
    }

    /// <summary>These nodes are somebody's now.</summary>
    public void Promise(IEnumerable<NodeView> nodes)
    {
        foreach (var node in nodes)
        {
            Evictable.Take(node);
            _promised.Add(node.Id);
        }
    }

    /// <summary>Idle nodes in the places of labels, as many as can be filled; those that are in nobody's way, the oldest first.</summary>
    /// <param name="request">Who wants them.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="zone">Of this availability zone only; null: of any.</param>
    /// <returns>For each label its node, null where none is to be had; null when there is none for any.</returns>
    public NodeView?[]? Match(RequestView request, IReadOnlyList<string> labels, string? zone)
    {
        // Of each label as many as there are places: then no place can lack a node because all its candidates have gone to others.
        var candidates = labels.Distinct().Where(label => !IsHeldUp(request, label))
            .SelectMany(label => ShelfOf(label).First(labels.Count, zone, node => MayGive(request, node.Record!)))
            .Distinct().ToList();
        return candidates.Count == 0 ? null : LabelMatching.Of(labels, candidates);
    }

    /// <summary>Zones in which there are idle nodes of these labels.</summary>
    public IEnumerable<string> ZonesOf(IEnumerable<string> labels) => labels.Distinct().SelectMany(label => ShelfOf(label).Zones).Distinct();

    private IdleShelf ShelfOf(string label)
    {
        if (!_shelves.TryGetValue(label, out var shelf))
        {
            _shelves[label] = shelf = new IdleShelf(_view.Nodes, _view.Nodes.IdleOf(_model.Key, label), _promised);
        }

        return shelf;
    }

    private bool IsHeldUp(RequestView request, string label) => _lines.TryGetValue(label, out var line) && line.HolderUp(request) is not null;

    /// <summary>The node of a machine that exists has several labels, for another of which somebody may wait; and it may belong to another program.</summary>
    private bool MayGive(RequestView request, NodeRecord node) => !_model.Config.IsStanding
        || (!node.Type.Any(label => IsHeldUp(request, label)) && !StandingSlot.IsOfPeer(_view, node));

    /// <summary>Idle nodes of labels that were taken out of the pool only use up its room; of a drained provider nobody gets any.</summary>
    public IEnumerable<NodeView> Unserved() =>
        _view.Nodes.IdleIn(_view.Nodes.Idle.Keys.Where(idle => idle.Pool == _model.Key && IsUnserved(idle.Label)))
            .Where(node => !node.IsLocked && !_promised.Contains(node.Id) && node.Record!.Type.All(IsUnserved));

    private bool IsUnserved(string label) => _model.Config.FindLabel(label) is null || _view.IsDrained(_model.Key.Provider);
}
