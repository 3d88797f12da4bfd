using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>The state of one run of <see cref="PoolPlanner"/>: what is already promised to requests that come earlier.</summary>
/// <param name="view">All records.</param>
/// <param name="model">The pool.</param>
/// <param name="now">Unix seconds.</param>
/// <param name="asked">A request about which a verdict is wanted; null: about none.</param>
internal sealed class PoolPass(ClusterView view, PoolModel model, double now, string? asked)
{
    private static readonly PoolVerdict NoLaunches = new(VerdictCode.LaunchesOff);
    private static readonly PoolVerdict NoSlot = new(VerdictCode.SlotsInUse);
    private static readonly PoolVerdict SomebodyFirst = new(VerdictCode.Behind);
    private static readonly PoolVerdict MinReadyYields = new(VerdictCode.Yields);

    private readonly PoolBudget _budget = new(view, model);
    private readonly TenantBudget _tenants = new(view, model);
    private readonly PoolCandidates _candidates = new(view, model);
    private readonly IdleNodes _idle = new(view, model);
    private readonly WaitingLine _line = new();
    private readonly HashSet<Party> _keptTenants = [];
    private readonly HashSet<Party> _keptParties = [];
    private bool? _isAwaitedNextDoor;

    public List<PoolAction> Actions { get; } = [];

    /// <summary>Some request, be it one of min-ready, found no room: pools of lower rank need not leave theirs to this one.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Something could not be decided because the view is behind a charge that it has seen.</summary>
    public bool IsUnsettled { get; private set; }

    /// <summary>What this pool says about the request that was asked about.</summary>
    public PoolVerdict? Verdict { get; private set; }

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
            Decline(request, nodes, _candidates.IsLast(request), new PoolVerdict(VerdictCode.LaunchFailed, reason));
            return;
        }

        var aborted = nodes.Where(node => node.Record!.State == NodeState.Aborted).ToValueList();
        if (aborted.Count > 0)
        {
            Tell(request, VerdictCode.CloudQuota);
            Actions.Add(new PoolAction.Regroup(request, aborted, nodes.Count - aborted.Count));
            return;
        }

        if (!NodeArrangement.TryArrange(request, nodes, out var arranged, out var missing))
        {
            // What was possible when the request was taken may have been taken out of the configuration since.
            if (Refusal(request) is { } reason)
            {
                Decline(request, nodes, _candidates.IsLast(request), reason);
            }
            else
            {
                Serve(request, missing, nodes);
            }
        }
        else if (arranged.All(node => node.Record!.State == NodeState.Ready))
        {
            Tell(request, VerdictCode.Ready);
            Actions.Add(new PoolAction.Fulfil(request, arranged));
        }
        else
        {
            Tell(request, VerdictCode.Launching);
        }
    }

    /// <summary>A request that waits for a pool. One that somebody has locked (another pool, a client that changes its priority) is looked at when they are done.</summary>
    public void Consider(RequestView request)
    {
        if (view.IsLocked(request))
        {
            Tell(request, VerdictCode.Locked);
            return;
        }

        var record = request.Record!;
        if (record.DeclinedBy.Contains(model.ComponentId))
        {
            Tell(request, VerdictCode.Declined);

            // The last one that had not refused is gone.
            if (_candidates.IsLast(request))
            {
                Decline(request, [], isFinal: true, new PoolVerdict(VerdictCode.Declined, "every registered pool has refused it"));
            }

            KeepRoomElsewhere(request);
            return;
        }

        if (model.Config.IsStanding && PoolPlanner.IsMinReady(request) && _candidates.AnyOther(request))
        {
            Tell(request, VerdictCode.ReadyUnasked);
            return;
        }

        if (Refusal(request) is { } reason)
        {
            Tell(request, reason);

            // A label that we lack is the business of the pools that have it; what we cannot do although we have it we say at once, else
            // several pools would wait for each other to refuse first.
            if (reason.Code != VerdictCode.LabelAbsent || !_candidates.AnyOther(request))
            {
                Decline(request, [], _candidates.IsLast(request), reason);
            }

            KeepRoomElsewhere(request);
        }
        else if (_candidates.WhoComesFirst(request) is { } other)
        {
            Tell(request, VerdictCode.LeftToOthers, $"{other.ProviderName}/{other.Name}");
            KeepRoomElsewhere(request);
        }
        else
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
    public void RetireUnserved() => Actions.AddRange(_idle.Unserved().Select(node => new PoolAction.Retire(node)));

    /// <summary>Why this pool can never serve a request as it is configured now; null when it can.</summary>
    private PoolVerdict? Refusal(RequestView request)
    {
        var record = request.Record!;
        return record.NodeTypes.Count == 0 ? new PoolVerdict(VerdictCode.NoLabels)
            : record.NodeTypes.FirstOrDefault(label => model.Config.FindLabel(label) is null) is { } unknown ? new PoolVerdict(VerdictCode.LabelAbsent, unknown)
            : !model.IsOpen ? new PoolVerdict(VerdictCode.PoolClosed)
            : model.Config.IsStanding && PoolPlanner.IsMinReady(request) ? new PoolVerdict(VerdictCode.ReadyUnasked)
            : _budget.Impossibility(record.NodeTypes) ?? _tenants.Impossibility(request);
    }

    private void Decline(RequestView request, ValueList<NodeView> nodes, bool isFinal, PoolVerdict verdict)
    {
        Tell(request, verdict);
        Actions.Add(new PoolAction.Decline(request, nodes, isFinal, verdict.Code, verdict.Text(model.Key)));
    }

    private bool IsHere(NodeView node) => node.Record is { } record && record.Provider == model.Key.Provider && record.Pool == model.Key.Pool;

    private void Serve(RequestView request, IReadOnlyList<string> labels, ValueList<NodeView> held)
    {
        var reused = new List<NodeView>();
        var launches = new List<string>();
        foreach (var label in labels)
        {
            if ((request.Record!.Reuse || model.Config.IsStanding) && _idle.Find(request, label, reused) is { } idle)
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
        if (limit is not null && _tenants.IsUnsettled(limit))
        {
            IsUnsettled = true;
            Tell(request, VerdictCode.Accepting);
        }
        else if (limit is not null && _tenants.Obstacle(limit, request, charge) is { } shortage)
        {
            Tell(request, shortage);
            WaitForTenant(request, limit, labels.Count, held);
        }
        else if (launches.Count > 0 && Obstacle(request, launches) is { } obstacle)
        {
            Tell(request, obstacle, _line.Nodes);
            Wait(request, obstacle, labels, launches, reused, held);
        }
        else
        {
            Tell(request, VerdictCode.Accepting);
            _idle.Promise(reused);
            _budget.Spend(launches);
            if (limit is not null)
            {
                _tenants.Spend(limit, charge);
            }

            Actions.Add(new PoolAction.Assign(request, reused.ToValueList(), launches.ToValueList(), limit?.Tenant));
        }
    }

    /// <summary>What keeps these nodes from being launched now; null when nothing does.</summary>
    private PoolVerdict? Obstacle(RequestView request, List<string> launches)
    {
        if (model.Config.IsStanding)
        {
            return NoSlot;
        }

        if (!model.Options.Launches)
        {
            return NoLaunches;
        }

        // A missing image is told before the line: it would hold the request up even if everybody before it were served.
        if (launches.FirstOrDefault(label => !HasImage(label)) is { } lacking)
        {
            return new PoolVerdict(VerdictCode.ImageMissing, model.Config.FindLabel(lacking)?.DiskImage);
        }

        if (_line.HolderUp(request) is { } first)
        {
            return request.Id == asked ? new PoolVerdict(VerdictCode.Behind, first.Id) : SomebodyFirst;
        }

        return MustYield(request) ? MinReadyYields : _budget.Obstacle(launches);
    }

    private void Wait(RequestView request, PoolVerdict obstacle, IReadOnlyList<string> labels, List<string> launches, List<NodeView> reused, ValueList<NodeView> held)
    {
        // A missing image says nothing about room, nor does a launcher that may not launch.
        if (held.Count > 0 && obstacle.Code != VerdictCode.ImageMissing && IsBehindAnother(request, IsAtOurProvider))
        {
            Actions.Add(new PoolAction.Regroup(request, held, Remaining: 0));
            return;
        }

        if (obstacle.Code is VerdictCode.ImageMissing or VerdictCode.LaunchesOff)
        {
            return;
        }

        IsFull = true;
        if (obstacle.Code == VerdictCode.SlotsInUse)
        {
            // There is no room to wait for or to make, only nodes.
            _idle.LeaveTo(request, labels, IsPatienceOver(request));
            return;
        }

        // min-ready is filled when nobody else wants the room.
        if (PoolPlanner.IsMinReady(request))
        {
            return;
        }

        // Who has nodes, whose room is on its way and who has waited long enough: nobody takes that room.
        var isFirst = _line.HolderUp(request) is null;
        var isStrict = (isFirst && MakeRoom(request, launches, reused)) || held.Count > 0 || IsPatienceOver(request);
        _line.Add(request, launches.Count, isStrict);
        _idle.LeaveTo(request, labels, isStrict || !isFirst);
    }

    /// <summary>The tenant has to give something back first: that holds up others of the same tenant and nobody else.</summary>
    private void WaitForTenant(RequestView request, TenantLimit limit, int nodes, ValueList<NodeView> held)
    {
        _tenants.Wait(limit, request, nodes, isStrict: held.Count > 0 || IsPatienceOver(request));
        if (held.Count > 0 && IsBehindAnother(request, other => other.Record!.TenantName == limit.Tenant))
        {
            Actions.Add(new PoolAction.Regroup(request, held, Remaining: 0));
        }
    }

    /// <summary>
    /// A request that other pools serve may wait there for room that is shared with us: its tenant's, or that of our provider. When its patience is over, what it
    /// needs is set aside here, so that nobody behind it takes it: not even in the moment in which it has become enough. One request of each party at a time: what
    /// many wait for may be something else, which we do not see.
    /// </summary>
    private void KeepRoomElsewhere(RequestView request)
    {
        if (!IsPatienceOver(request) || PoolPlanner.IsMinReady(request))
        {
            return;
        }

        var cost = Quota.Of((Quota.Instances, request.Record!.NodeTypes.Count));
        var party = Party.Of(request.Record);
        if (_tenants.LimitOf(request) is { } limit && !_keptTenants.Contains(party) && _candidates.AnyOther(request))
        {
            _keptTenants.Add(party);
            _tenants.Spend(limit, cost);
        }

        if (!_keptParties.Contains(party) && _candidates.NextDoor(request).Any(pool => HasImages(pool, request) && _budget.TrySetAside(pool, cost)))
        {
            _keptParties.Add(party);
        }
    }

    private bool IsPatienceOver(RequestView request) => FairOrder.Age(request.Record!, now) >= FairOrder.Patience.TotalSeconds;

    /// <summary>
    /// An earlier request has nodes in the place for which this one waits. If neither got what it lacks, each would keep the other's room for ever:
    /// the later one gives its nodes back and begins anew.
    /// </summary>
    private bool IsBehindAnother(RequestView request, Func<RequestView, bool> isRival) => view.OpenRequests
        .TakeWhile(other => other.Id != request.Id)
        .Any(other => other.Record!.State == RequestState.Pending && !view.Nodes.Of(other.Id).IsEmpty && isRival(other));

    private bool IsAtOurProvider(RequestView request) => view.Nodes.Of(request.Id).Any(id => view.Nodes.ById[id].Record!.Provider == model.Key.Provider);

    /// <summary>
    /// A neighbour makes room under the provider's limits for somebody's request: min-ready must not take that room, or the two would
    /// launch and evict in turns for ever.
    /// </summary>
    private bool MustYield(RequestView request) => PoolPlanner.IsMinReady(request)
        && (_isAwaitedNextDoor ??= view.OpenRequests.Any(other =>
            !PoolPlanner.IsMinReady(other) && !IsServedHere(other) && _candidates.IsAwaitedNextDoor(other)));

    private bool IsServedHere(RequestView request) => view.Nodes.Of(request.Id).Any(id => IsHere(view.Nodes.ById[id]));

    /// <summary>Lets just as many idle nodes go as are needed; true when the room will suffice without anybody else's giving nodes back.</summary>
    private bool MakeRoom(RequestView request, List<string> launches, List<NodeView> reused)
    {
        if (model.IsQuotaClosed || !model.Options.Deletes)
        {
            return false;
        }

        var victims = new List<NodeView>();
        using var next = _idle.Evictable(reused).GetEnumerator();
        while (!_budget.WillFit(launches, victims))
        {
            if (!next.MoveNext())
            {
                return false;
            }

            victims.Add(next.Current);
        }

        Actions.AddRange(victims.Select(node => new PoolAction.Evict(node, request)));
        _idle.Promise(victims);
        return true;
    }

    private bool HasImage(string label) => HasImage(model.Config, label);

    private bool HasImage(PoolConfig pool, string label) =>
        pool.FindLabel(label) is { } config
        && (config.DiskImage is null || view.Image(config.DiskImage).NewestReadyUpload(model.Key.Provider) is not null);

    /// <summary>Another pool of our provider could launch these nodes, as far as we know it.</summary>
    private bool HasImages(PoolKey pool, RequestView request) =>
        model.Provider.Pools.FirstOrDefault(other => other.Name == pool.Pool) is not { } config || request.Record!.NodeTypes.All(label => HasImage(config, label));

    private void Tell(RequestView request, VerdictCode code, string? subject = null)
    {
        if (request.Id == asked)
        {
            Verdict = new PoolVerdict(code, subject);
        }
    }

    private void Tell(RequestView request, PoolVerdict verdict, int nodesAhead = 0)
    {
        if (request.Id == asked)
        {
            Verdict = verdict with { NodesAhead = nodesAhead };
        }
    }
}
