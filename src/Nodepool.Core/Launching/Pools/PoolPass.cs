using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>The state of one run of <see cref="PoolPlanner"/>: what is already promised to requests that come earlier.</summary>
internal sealed class PoolPass(ClusterView view, PoolModel model)
{
    private readonly PoolBudget _budget = new(view, model);
    private readonly TenantBudget _tenants = new(view, model);
    private readonly PoolCandidates _candidates = new(view, model);
    private readonly HashSet<string> _promisedNodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _promisedLabels = new(StringComparer.Ordinal);
    private readonly HashSet<string> _waitingTenants = new(StringComparer.Ordinal);
    private bool? _isAwaitedNextDoor;

    public List<PoolAction> Actions { get; } = [];

    /// <summary>An earlier request waits for room: nothing is launched for those behind it.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Some request, be it one of min-ready, found no room: pools of lower rank need not leave theirs to this one.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Something could not be decided because the view is behind a charge that it has seen.</summary>
    public bool IsUnsettled { get; private set; }

    /// <summary>
    /// A request that is pending: if nodes of ours are allocated to it, see how they are doing. Others may be as well: Python's launchers leave the
    /// ready nodes of a request that they declined with it until it ends.
    /// </summary>
    public void Continue(RequestView request)
    {
        var nodes = view.Nodes.Of(request.Id).Select(id => view.Nodes.ById[id]).Where(IsHere).ToValueList();
        if (nodes.Count == 0)
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
            // What was possible when the request was taken may have been taken out of the configuration since.
            if (Refusal(request) is { } reason)
            {
                Actions.Add(new PoolAction.Decline(request, nodes, _candidates.IsLast(request), reason));
            }
            else
            {
                Serve(request, missing, nodes);
            }
        }
        else if (arranged.All(node => node.Record!.State == NodeState.Ready))
        {
            Actions.Add(new PoolAction.Fulfil(request, arranged));
        }
    }

    /// <summary>A request that waits for a pool. One that somebody has locked (another pool, a client that changes its priority) is looked at when they are done.</summary>
    public void Consider(RequestView request)
    {
        if (view.IsLocked(request))
        {
            return;
        }

        var record = request.Record!;
        if (record.DeclinedBy.Contains(model.ComponentId))
        {
            // The last one that had not refused is gone.
            if (_candidates.IsLast(request))
            {
                Actions.Add(new PoolAction.Decline(request, [], IsFinal: true, "every registered pool has refused it"));
            }

            return;
        }

        if (Refusal(request) is { } reason)
        {
            // A label that we lack is the business of the pools that have it; what we cannot do although we have it we say at once, else
            // several pools would wait for each other to refuse first.
            if (UnknownLabel(record) is null || !_candidates.AnyOther(request))
            {
                Actions.Add(new PoolAction.Decline(request, [], _candidates.IsLast(request), reason));
            }

            return;
        }

        if (!_candidates.ShouldLeaveToOthers(request))
        {
            Serve(request, record.NodeTypes, []);
        }
    }

    /// <summary>Nodes whose request is gone are anybody's again.</summary>
    public void ReleaseOrphans()
    {
        // In a fixed order: a plan depends on nothing but the view and the model.
        Actions.AddRange(view.Nodes.ByRequest
            .Where(pair => !view.Requests.ContainsKey(pair.Key))
            .SelectMany(pair => pair.Value)
            .Order(StringComparer.Ordinal)
            .Select(id => view.Nodes.ById[id])
            .Where(node => node is { Record.State: NodeState.Ready, IsLocked: false } && IsHere(node))
            .Select(node => new PoolAction.Release(node)));
    }

    /// <summary>Idle nodes of labels that were taken out of the pool only use up its room.</summary>
    public void RetireUnserved() => Actions.AddRange(
        Idle(view.Nodes.Idle.Keys.Where(idle => idle.Pool == model.Key && model.Config.FindLabel(idle.Label) is null))
            .Where(node => !node.IsLocked && !_promisedNodes.Contains(node.Id) && node.Record!.Type.All(label => model.Config.FindLabel(label) is null))
            .Select(node => new PoolAction.Retire(node)));

    /// <summary>Why this pool can never serve a request as it is configured now; null when it can.</summary>
    private string? Refusal(RequestView request)
    {
        var record = request.Record!;
        return record.NodeTypes.Count == 0 ? "asks for no nodes"
            : UnknownLabel(record) is { } unknown ? $"label {unknown} is not in pool {model.Key}"
            : !model.IsOpen ? $"max-servers of pool {model.Key} is 0"
            : _budget.Impossibility(record.NodeTypes) is { } impossible ? $"{impossible} ({model.Key})"
            : _tenants.LimitOf(request) is { } limit && model.CostOf(record.NodeTypes).FirstExceeding(limit.Limits) is { } most
                ? $"needs more {most} than tenant {limit.Tenant} may use"
            : null;
    }

    private string? UnknownLabel(NodeRequestRecord request) => request.NodeTypes.FirstOrDefault(label => model.Config.FindLabel(label) is null);

    private bool IsHere(NodeView node) => node.Record is { } record && record.Provider == model.Key.Provider && record.Pool == model.Key.Pool;

    private void Serve(RequestView request, IReadOnlyList<string> labels, ValueList<NodeView> held)
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

        var limit = _tenants.LimitOf(request);
        var charge = limit is null ? Quota.Zero : reused.Aggregate(model.CostOf(launches), (sum, node) => sum.Plus(node.Record!.Cost));
        if (limit is not null && !IsWithin(limit, charge))
        {
            WaitForTenant(request, limit, held);
            return;
        }

        if (launches.Count > 0 && (IsBlocked || !model.Options.Launches || MustYield(request) || launches.Any(label => !HasImage(label)) || _budget.Obstacle(launches) is not null))
        {
            if (held.Count > 0 && launches.All(HasImage) && IsBehindAnother(request, IsAtOurProvider))
            {
                Actions.Add(new PoolAction.Regroup(request, held, Remaining: 0));
                return;
            }

            Wait(request, labels, launches, reused);
            return;
        }

        _promisedNodes.UnionWith(reused.Select(node => node.Id));
        _budget.Spend(launches);
        if (limit is not null)
        {
            _tenants.Spend(limit, charge);
        }

        Actions.Add(new PoolAction.Assign(request, reused.ToValueList(), launches.ToValueList(), limit?.Tenant));
    }

    private bool IsWithin(TenantLimit limit, Quota charge)
    {
        IsUnsettled |= _tenants.IsUnsettled(limit);
        return !_tenants.IsUnsettled(limit) && !_waitingTenants.Contains(limit.Tenant) && _tenants.Lacking(limit, charge) is null;
    }

    /// <summary>The tenant has to give something back first: that holds up others of the same tenant and nobody else.</summary>
    private void WaitForTenant(RequestView request, TenantLimit limit, ValueList<NodeView> held)
    {
        if (_tenants.IsUnsettled(limit))
        {
            return;
        }

        _waitingTenants.Add(limit.Tenant);
        if (held.Count > 0 && IsBehindAnother(request, other => other.Record!.TenantName == limit.Tenant))
        {
            Actions.Add(new PoolAction.Regroup(request, held, Remaining: 0));
        }
    }

    /// <summary>
    /// An earlier request has nodes in the place for which this one waits. If neither got what it lacks, each would keep the other's room for ever:
    /// the later one gives its nodes back and begins anew.
    /// </summary>
    private bool IsBehindAnother(RequestView request, Func<RequestView, bool> isRival) => view.OpenRequests
        .TakeWhile(other => other.Id != request.Id)
        .Any(other => other.Record!.State == RequestState.Pending && !view.Nodes.Of(other.Id).IsEmpty && isRival(other));

    private bool IsAtOurProvider(RequestView request) => view.Nodes.Of(request.Id).Any(id => view.Nodes.ById[id].Record!.Provider == model.Key.Provider);

    private void Wait(RequestView request, IReadOnlyList<string> labels, List<string> launches, List<NodeView> reused)
    {
        // A missing image blocks nobody else: it says nothing about room. Nor does a launcher that may not launch.
        if (!model.Options.Launches || launches.Any(label => !HasImage(label)))
        {
            return;
        }

        IsFull = true;

        // min-ready is filled when nobody else wants the room.
        if (IsMinReady(request))
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

    private static bool IsMinReady(RequestView request) => request.Id.StartsWith(PoolPlanner.MinReadyPriority, StringComparison.Ordinal);

    /// <summary>
    /// A neighbour makes room under the provider's limits for somebody's request: min-ready must not take that room, or the two would
    /// launch and evict in turns for ever.
    /// </summary>
    private bool MustYield(RequestView request) => IsMinReady(request)
        && (_isAwaitedNextDoor ??= view.OpenRequests.Any(other =>
            !IsMinReady(other) && !IsServedHere(other) && _candidates.IsAwaitedNextDoor(other)));

    private bool IsServedHere(RequestView request) => view.Nodes.Of(request.Id).Any(id => IsHere(view.Nodes.ById[id]));

    private void MakeRoom(RequestView request, List<string> launches, List<NodeView> reused)
    {
        if (model.IsQuotaClosed || !model.Options.Deletes)
        {
            return;
        }

        var victims = new List<NodeView>();
        using var next = Evictable(reused).GetEnumerator();
        while (!_budget.WillFit(launches, victims))
        {
            if (!next.MoveNext())
            {
                return;
            }

            victims.Add(next.Current);
        }

        Actions.AddRange(victims.Select(node => new PoolAction.Evict(node, request)));
        _promisedNodes.UnionWith(victims.Select(node => node.Id));
    }

    /// <summary>
    /// Our idle nodes, oldest first; when they are not enough, those of the provider's other pools: if its limits are in the way, nobody
    /// else would ever take them away, and the request would wait for ever.
    /// </summary>
    private IEnumerable<NodeView> Evictable(List<NodeView> reused) =>
        Idle(model.Config.Labels.Select(label => (model.Key, label.Name)))
            .Concat(Idle(view.Nodes.Idle.Keys.Where(idle => idle.Pool.Provider == model.Key.Provider && idle.Pool != model.Key)))
            .Where(node => !node.IsLocked && !_promisedNodes.Contains(node.Id) && !reused.Contains(node));

    private IEnumerable<NodeView> Idle(IEnumerable<(PoolKey Pool, string Label)> lists) => lists
        .SelectMany(list => view.Nodes.IdleOf(list.Pool, list.Label)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        .Select(id => view.Nodes.ById[id]);

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
