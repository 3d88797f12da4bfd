using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>The state of one run of <see cref="PoolPlanner"/>: what is already promised to requests that come earlier.</summary>
internal sealed class PoolPass(ClusterView view, PoolModel model)
{
    private readonly PoolBudget _budget = new(view, model);
    private readonly PoolCandidates _candidates = new(view, model);
    private readonly HashSet<string> _promisedNodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _promisedLabels = new(StringComparer.Ordinal);

    public List<PoolAction> Actions { get; } = [];

    /// <summary>An earlier request waits for room: nothing is launched for those behind it.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>A request that is pending: if its nodes are ours, see how they are doing.</summary>
    public void Continue(RequestView request)
    {
        var nodes = view.Nodes.Of(request.Id).Select(id => view.Nodes.ById[id]).ToValueList();
        if (nodes.Count == 0 || nodes.Any(node => node.Record is not { } record || record.Provider != model.Key.Provider || record.Pool != model.Key.Pool))
        {
            return;
        }

        if (nodes.FirstOrDefault(node => node.Record!.State == NodeState.Failed) is { } failed)
        {
            var reason = $"launch of node {failed.Id} failed: {failed.Record!.Launch?.Failure ?? "reason unknown"}";
            Actions.Add(new PoolAction.Decline(request, nodes, _candidates.IsLast(request), reason));
            return;
        }

        var aborted = nodes.Where(node => node.Record!.State == NodeState.Aborted).ToValueList();
        if (aborted.Count > 0)
        {
            Actions.Add(new PoolAction.Regroup(request, aborted, nodes.Count - aborted.Count));
            return;
        }

        if (!TryArrange(request, nodes, out var arranged, out var missing))
        {
            Serve(request, missing);
        }
        else if (arranged.All(node => node.Record!.State == NodeState.Ready))
        {
            Actions.Add(new PoolAction.Fulfil(request, arranged));
        }
    }

    /// <summary>A request that waits for a pool.</summary>
    public void Consider(RequestView request)
    {
        var record = request.Record!;
        if (record.DeclinedBy.Contains(model.ComponentId))
        {
            return;
        }

        var unknown = record.NodeTypes.FirstOrDefault(label => model.Config.FindLabel(label) is null);
        var reason = record.NodeTypes.Count == 0 ? "asks for no nodes"
            : unknown is not null ? $"label {unknown} is not in pool {model.Key}"
            : !model.IsOpen ? $"max-servers of pool {model.Key} is 0"
            : _budget.Impossibility(record.NodeTypes) is { } impossible ? $"{impossible} ({model.Key})"
            : null;
        if (reason is not null)
        {
            if (!_candidates.AnyOther(request))
            {
                Actions.Add(new PoolAction.Decline(request, [], _candidates.IsLast(request), reason));
            }

            return;
        }

        if (!_candidates.ShouldLeaveToOthers(request))
        {
            Serve(request, record.NodeTypes);
        }
    }

    /// <summary>Nodes whose request is gone are anybody's again.</summary>
    public void ReleaseOrphans()
    {
        foreach (var (request, ids) in view.Nodes.ByRequest)
        {
            if (view.Requests.ContainsKey(request))
            {
                continue;
            }

            foreach (var id in ids)
            {
                var node = view.Nodes.ById[id];
                if (node.Record is { State: NodeState.Ready } record && record.Provider == model.Key.Provider && record.Pool == model.Key.Pool && !node.IsLocked)
                {
                    Actions.Add(new PoolAction.Release(node));
                }
            }
        }
    }

    private void Serve(RequestView request, IReadOnlyList<string> labels)
    {
        var reused = new List<NodeView>();
        var launches = new List<string>();
        foreach (var label in labels)
        {
            if (request.Record!.Reuse && FindIdle(label, reused) is { } idle)
            {
                reused.Add(idle);
            }
            else
            {
                launches.Add(label);
            }
        }

        if (launches.Count > 0 && (IsBlocked || launches.Any(label => !HasImage(label)) || _budget.Obstacle(launches) is not null))
        {
            Wait(request, labels, launches, reused);
            return;
        }

        _promisedNodes.UnionWith(reused.Select(node => node.Id));
        _budget.Spend(launches);
        Actions.Add(new PoolAction.Assign(request, reused.ToValueList(), launches.ToValueList()));
    }

    private void Wait(RequestView request, IReadOnlyList<string> labels, List<string> launches, List<NodeView> reused)
    {
        // A missing image blocks nobody else: it says nothing about room.
        if (launches.Any(label => !HasImage(label)))
        {
            return;
        }

        // min-ready is filled when nobody else wants the room.
        if (request.Id.StartsWith(PoolPlanner.MinReadyPriority, StringComparison.Ordinal))
        {
            return;
        }

        if (!IsBlocked)
        {
            MakeRoom(request, launches, reused);
        }

        IsBlocked = true;
        _promisedLabels.UnionWith(labels);
    }

    private void MakeRoom(RequestView request, List<string> launches, List<NodeView> reused)
    {
        if (model.IsQuotaClosed)
        {
            return;
        }

        var evicted = Quota.Zero;
        var idle = model.Config.Labels
            .SelectMany(label => view.Nodes.IdleOf(model.Key, label.Name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(id => view.Nodes.ById[id])
            .Where(node => !node.IsLocked && !_promisedNodes.Contains(node.Id) && !reused.Contains(node));
        var victims = new List<NodeView>();
        using var next = idle.GetEnumerator();
        while (!_budget.WillFit(launches, evicted))
        {
            if (!next.MoveNext())
            {
                return;
            }

            victims.Add(next.Current);
            evicted = evicted.Plus(next.Current.Record!.Cost);
        }

        Actions.AddRange(victims.Select(node => new PoolAction.Evict(node, request)));
        _promisedNodes.UnionWith(victims.Select(node => node.Id));
    }

    private NodeView? FindIdle(string label, List<NodeView> taken)
    {
        if (_promisedLabels.Contains(label))
        {
            return null;
        }

        foreach (var id in view.Nodes.IdleOf(model.Key, label))
        {
            var node = view.Nodes.ById[id];
            if (!node.IsLocked && !_promisedNodes.Contains(id) && !taken.Contains(node))
            {
                return node;
            }
        }

        return null;
    }

    private bool HasImage(string label) =>
        model.Config.FindLabel(label) is { } config
        && (config.DiskImage is null || view.Image(config.DiskImage).NewestReadyUpload(model.Key.Provider) is not null);

    /// <summary>Puts nodes in the order of the request's labels; otherwise says which labels lack a node.</summary>
    private static bool TryArrange(RequestView request, ValueList<NodeView> nodes, out ValueList<NodeView> arranged, out ValueList<string> missing)
    {
        var left = nodes.ToList();
        var found = new List<NodeView>();
        var lacking = new List<string>();
        foreach (var label in request.Record!.NodeTypes)
        {
            var index = left.FindIndex(node => node.Record!.Type.Contains(label));
            if (index < 0)
            {
                lacking.Add(label);
                continue;
            }

            found.Add(left[index]);
            left.RemoveAt(index);
        }

        arranged = found.ToValueList();
        missing = lacking.ToValueList();
        return lacking.Count == 0;
    }
}
