using Nodepool.Core.Collections;
using Nodepool.Core.Explaining;
using Nodepool.Core.Launching.Governing;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>One run of <see cref="PoolPlanner"/>: decides what becomes of each request, and of nodes that are nobody's.</summary>
internal sealed class PoolPass
{
    private readonly ClusterView _view;
    private readonly PoolModel _model;
    private readonly PoolCandidates _candidates;
    private readonly PoolBudget _budget;
    private readonly TenantBudget _tenants;
    private readonly NodeAllocation _allocation;
    private readonly SharedRoom _shared;
    private readonly HandOver _handOver;
    private readonly BurstShare _share;
    private readonly PerLabels<PoolVerdict?> _refusals;

    /// <param name="view">All records.</param>
    /// <param name="model">The pool.</param>
    /// <param name="now">Unix seconds.</param>
    /// <param name="asked">A request about which a verdict is wanted; null: about none.</param>
    public PoolPass(ClusterView view, PoolModel model, double now, string? asked)
    {
        (_view, _model) = (view, model);
        Outcome = new PassOutcome(asked);
        _refusals = new(RefusalOf);
        _candidates = new PoolCandidates(view, model);
        _budget = new PoolBudget(view, model, now);
        _tenants = new TenantBudget(view, model);
        var gate = new LaunchGate(view, model, _budget, _candidates);
        _allocation = new NodeAllocation(view, model, now, _budget, _tenants, gate, Outcome);
        _shared = new SharedRoom(_candidates, _tenants, _budget, gate);
        _handOver = new HandOver(model, _budget, _candidates, now);
        _share = new BurstShare(view, model, _candidates, Outcome, now);
    }

    /// <summary>What has been decided.</summary>
    public PassOutcome Outcome { get; }

    /// <summary>
    /// A request that is pending: if nodes of ours are allocated to it, see how they are doing. Others may be as well: Python's launchers leave the
    /// ready nodes of a request that they declined with it until it ends.
    /// </summary>
    public void Continue(RequestView request)
    {
        var nodes = _view.Nodes.Of(request.Id).Select(id => _view.Nodes.ById[id]).Where(_model.Owns).ToValueList();
        if (nodes.Count == 0)
        {
            return;
        }

        if (nodes.FirstOrDefault(node => node.Record!.State == NodeState.Failed) is { } failed)
        {
            Abandon(request, nodes, failed.Record!, failed.Id);
            return;
        }

        var aborted = nodes.Where(node => node.Record!.State == NodeState.Aborted).ToValueList();
        if (aborted.Count > 0)
        {
            Regroup(request, nodes, aborted);
            return;
        }

        if (nodes.Any(node => node.Record!.State != NodeState.Ready) && _handOver.Hopeless(request) is { IsFinal: true } late)
        {
            Decline(request, nodes, isFinal: true, late);
            return;
        }

        if (!NodeArrangement.TryArrange(request, nodes, out var arranged, out var missing))
        {
            // What was possible when the request was taken may have been taken out of the configuration since.
            if (Refusal(request) is { } reason)
            {
                Decline(request, nodes, _candidates.IsLast(request), reason);
            }
            else if (_handOver.IsStranded(request, missing))
            {
                Leave(request, nodes);
            }
            else
            {
                ServeUnlessDrained(request, missing, nodes);
            }
        }
        else if (arranged.All(node => node.Record!.State == NodeState.Ready))
        {
            Outcome.Tell(request, VerdictCode.Ready);
            Outcome.Actions.Add(new PoolAction.Fulfil(request, arranged));
        }
        else if (_handOver.IsDue(request, nodes))
        {
            Leave(request, nodes);
        }
        else
        {
            Outcome.Tell(request, VerdictCode.Launching);
        }
    }

    /// <summary>A request that waits for a pool. One that somebody has locked (another pool, a client that changes its priority) is looked at when they are done.</summary>
    public void Consider(RequestView request)
    {
        if (_view.IsLocked(request))
        {
            Outcome.Tell(request, VerdictCode.Locked);
            return;
        }

        var record = request.Record!;
        if (record.DeclinedBy.Contains(_model.ComponentId))
        {
            Outcome.Tell(request, VerdictCode.Declined);

            // The last one that had not refused is gone.
            if (_candidates.IsLast(request))
            {
                Decline(request, [], isFinal: true, new PoolVerdict(VerdictCode.Declined, "every registered pool has refused it"));
            }

            LeaveToOthers(request);
            return;
        }

        if (_model.Config.IsStanding && PoolPlanner.IsMinReady(request) && _candidates.AnyOther(request))
        {
            Outcome.Tell(request, VerdictCode.ReadyUnasked);
            return;
        }

        if (Refusal(request) is { } reason)
        {
            Outcome.Tell(request, reason);

            // A label that we lack is the business of the pools that have it; what we cannot do although we have it we say at once, else
            // several pools would wait for each other to refuse first.
            if (reason.Code != VerdictCode.LabelAbsent || !_candidates.AnyOther(request))
            {
                Decline(request, [], _candidates.IsLast(request), reason);
            }

            LeaveToOthers(request);
        }
        else if (_handOver.Hopeless(request) is { } passed)
        {
            Decline(request, [], passed.IsFinal || _candidates.IsLast(request), passed);
        }
        else if ((_candidates.WhoComesFirst(request) ?? _handOver.LeftTo(request)) is { } other)
        {
            TellWhoComesFirst(request, other);
            LeaveToOthers(request);
        }
        else if (_share.IsBusyFor(request) && _allocation.NeedsLaunches(request) && _share.LeftTo(request) is { } idler)
        {
            Outcome.Tell(request, new PoolVerdict(VerdictCode.LeftToOthers, $"{idler.ProviderName}/{idler.Name}") { Cause = "where less is being launched" });
        }
        else
        {
            ServeUnlessDrained(request, record.NodeTypes, []);
        }
    }

    /// <summary>
    /// A provider that shall become empty gives nobody another node, not even the rest of what somebody has: with what he has he would wait here for ever. He
    /// waits for other pools, or for the end of the drain.
    /// </summary>
    private void ServeUnlessDrained(RequestView request, ValueList<string> labels, ValueList<NodeView> held)
    {
        if (_view.Drains.GetValueOrDefault(_model.Key.Provider) is not { } drain)
        {
            _allocation.Serve(request, labels, held);
            return;
        }

        Outcome.Tell(request, VerdictCode.Draining, drain.Text);
        if (held.Count > 0)
        {
            Outcome.Actions.Add(new PoolAction.Regroup(request, held, Remaining: 0));
        }
    }

    /// <summary>Nodes whose request is gone are anybody's again.</summary>
    public void ReleaseOrphans() => Outcome.Actions.AddRange(_view.Orphans
        .Where(node => node is { Record.State: NodeState.Ready, IsLocked: false } && _model.Owns(node))
        .Select(node => new PoolAction.Release(node)));

    /// <summary>Idle nodes of labels that were taken out of the pool only use up its room; in a provider that shall become empty all of them go.</summary>
    public void RetireUnserved() => Outcome.Actions.AddRange(_allocation.Unserved().Select(node => new PoolAction.Retire(node)));

    /// <summary>Why this pool can never serve a request as it is configured now; null when it can.</summary>
    private PoolVerdict? Refusal(RequestView request) => _refusals.Of(request.Record!.NodeTypes)
        ?? (_model.Config.IsStanding && PoolPlanner.IsMinReady(request) ? new PoolVerdict(VerdictCode.ReadyUnasked) : _budget.Impossibility(request.Record.NodeTypes))
        ?? _tenants.Impossibility(request);

    private PoolVerdict? RefusalOf(ValueList<string> labels) => labels.Count == 0 ? new PoolVerdict(VerdictCode.NoLabels)
        : labels.FirstOrDefault(label => _model.Config.FindLabel(label) is null) is { } unknown ? new PoolVerdict(VerdictCode.LabelAbsent, unknown)
        : !_model.IsOpen ? new PoolVerdict(VerdictCode.PoolClosed)
        : null;

    /// <summary>
    /// A node could not be launched. The others are of no use to the request without it, but to everybody else at once. Where there is another zone, all are launched
    /// there; else another pool has to serve the request.
    /// </summary>
    private void Abandon(RequestView request, ValueList<NodeView> nodes, NodeRecord failed, string id)
    {
        if (failed.Az is { } zone && ZoneChoice.IsAnyLeft(_model, request, zone) && Refusal(request) is null)
        {
            Outcome.Tell(request, VerdictCode.Accepting);
            Outcome.Actions.Add(new PoolAction.Regroup(request, nodes, Remaining: 0, zone));
            return;
        }

        Decline(request, nodes, _candidates.IsLast(request), new PoolVerdict(VerdictCode.LaunchFailed, $"launch of node {id} failed: {failed.Launch?.Failure ?? "reason unknown"}"));
    }

    /// <summary>Some of its launches ended without being failures: for want of quota, or because launches fail here altogether.</summary>
    private void Regroup(RequestView request, ValueList<NodeView> nodes, ValueList<NodeView> aborted)
    {
        var isOutage = aborted.Any(node => node.Record!.Launch is { IsOutage: true });
        Outcome.Tell(request, isOutage ? VerdictCode.BreakerOpen : VerdictCode.CloudQuota, isOutage ? aborted[0].Record!.Type[0] : null);
        var leaving = isOutage && _candidates.Better(request) is not null ? nodes : aborted;
        Outcome.Actions.Add(new PoolAction.Regroup(request, leaving, nodes.Count - leaving.Count, IsHandedOver: isOutage));
    }

    /// <summary>The request is served anew, perhaps elsewhere; what it has here is anybody's.</summary>
    private void Leave(RequestView request, ValueList<NodeView> nodes)
    {
        Outcome.Tell(request, VerdictCode.Launching);
        Outcome.Actions.Add(new PoolAction.Regroup(request, nodes, Remaining: 0, IsHandedOver: true));
    }

    private void Decline(RequestView request, ValueList<NodeView> nodes, bool isFinal, PoolVerdict verdict)
    {
        Outcome.Tell(request, verdict);
        Outcome.Actions.Add(new PoolAction.Decline(request, nodes, isFinal, verdict.Code, verdict.Text(_model.Key)));
    }

    private void TellWhoComesFirst(RequestView request, ComponentRecord other)
    {
        if (Outcome.IsAsked(request))
        {
            var why = other.ProviderName == request.Record!.Provider ? "which is of the provider that it asks for"
                : other.Priority < _model.Config.Priority ? $"which comes first by its priority: {other.Priority}, and this one has {_model.Config.Priority}"
                : "because launches take too long here";
            Outcome.Tell(request, new PoolVerdict(VerdictCode.LeftToOthers, $"{other.ProviderName}/{other.Name}") { Cause = why });
        }
    }

    /// <summary>Others serve it; if it has waited long for them, not without what they share with us.</summary>
    private void LeaveToOthers(RequestView request)
    {
        if (_allocation.IsPatienceOver(request) && !PoolPlanner.IsMinReady(request))
        {
            _shared.KeepFor(request);
        }
    }
}
