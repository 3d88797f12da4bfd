using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// Finds nodes for one request after the other: idle ones, launches where there is room, else a place to wait. What is promised to a request is taken off before
/// the next one is looked at.
/// </summary>
/// <param name="view">All records.</param>
/// <param name="model">The pool.</param>
/// <param name="now">Unix seconds.</param>
/// <param name="budget">What is left of the room of pool and provider.</param>
/// <param name="tenants">What is left of the tenants' room.</param>
/// <param name="gate">Whether anything may be launched.</param>
/// <param name="outcome">Takes what is decided.</param>
internal sealed class NodeAllocation(ClusterView view, PoolModel model, double now, PoolBudget budget, TenantBudget tenants, LaunchGate gate, PassOutcome outcome)
{
    private readonly IdleNodes _idle = new(view, model);
    private readonly LaunchLine _line = new();
    private readonly HashSet<string> _probedZones = new(StringComparer.Ordinal);

    /// <summary>Finds nodes for labels of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="labels">Those that lack a node.</param>
    /// <param name="held">Nodes that it has already.</param>
    public void Serve(RequestView request, ValueList<string> labels, ValueList<NodeView> held)
    {
        var (reused, launches, zone) = Offer(request, labels, held);
        var limit = tenants.LimitOf(request);
        var charge = limit is null ? Quota.Zero : reused.Aggregate(budget.CostOf(launches), (sum, node) => sum.Plus(node.Record!.Cost));
        if (limit is not null && tenants.IsUnsettled(limit))
        {
            outcome.IsUnsettled = true;
            outcome.Tell(request, VerdictCode.Accepting);
        }
        else if (limit is not null && tenants.Obstacle(limit, request, charge) is { } shortage)
        {
            outcome.Tell(request, shortage);
            WaitForTenant(request, limit, labels.Count, held);
        }
        else if (launches.Count > 0 && gate.Obstacle(request, launches, _line, outcome) is { } obstacle)
        {
            outcome.Tell(request, obstacle, _line.Nodes);
            Wait(request, obstacle, labels, launches, reused, held);
        }
        else
        {
            outcome.Tell(request, VerdictCode.Accepting);
            _idle.Promise(reused);
            budget.Spend(launches);
            outcome.Launches += launches.Count;
            if (zone is not null && launches.Count > 0)
            {
                _probedZones.Add(zone);
            }

            if (limit is not null)
            {
                tenants.Spend(limit, charge);
            }

            outcome.Actions.Add(new PoolAction.Assign(request, reused.ToValueList(), launches, limit?.Tenant, zone));
        }
    }

    /// <summary>Whether idle nodes are not enough for a request that has none yet.</summary>
    public bool NeedsLaunches(RequestView request) => Offer(request, request.Record!.NodeTypes, []).Launches.Count > 0;

    /// <summary>
    /// The best way to serve a request now. Several nodes are all in one zone, the one with most idle nodes for them; a single idle node may be in any.
    /// </summary>
    private NodeOffer Offer(RequestView request, ValueList<string> labels, ValueList<NodeView> held)
    {
        if (ZoneChoice.BoundTo(held) is { } bound)
        {
            return OfferIn(bound, request, labels);
        }

        var zones = ZoneChoice.For(model, request);
        if (request.Record!.NodeTypes.Count == 1)
        {
            var probed = ZoneChoice.ToProbe(model, request) is { } bad && !_probedZones.Contains(bad) ? bad : null;
            return OfferIn(null, request, labels) with { Zone = probed ?? (zones.Count > 0 ? zones[0] : null) };
        }

        NodeOffer? best = null;
        foreach (var zone in zones.Concat(MayReuse(request) ? _idle.ZonesOf(labels).Except(zones) : []))
        {
            var offer = OfferIn(zone, request, labels);

            // Where nothing may be launched any more, what is idle is of use only if it is enough.
            var isPossible = offer.Launches.Count == 0 || zones.Count == 0 || zones.Contains(zone);
            if (isPossible && (best is null || offer.Launches.Count < best.Launches.Count))
            {
                best = offer;
            }
        }

        return best is { Reused.Count: > 0 } || zones.Count > 0 ? best! : OfferIn(null, request, labels);
    }

    private NodeOffer OfferIn(string? zone, RequestView request, ValueList<string> labels)
    {
        if (!MayReuse(request) || _idle.Match(request, labels, zone) is not { } found)
        {
            return new NodeOffer([], labels, zone);
        }

        return new NodeOffer([.. found.OfType<NodeView>()], [.. labels.Where((_, place) => found[place] is null)], zone);
    }

    private bool MayReuse(RequestView request) => request.Record!.Reuse || model.Config.IsStanding;

    /// <summary>Whether a request has waited so long that nobody of its priority goes ahead of it any more.</summary>
    public bool IsPatienceOver(RequestView request) => FairOrder.Age(request.Record!, now) >= FairOrder.Patience.TotalSeconds;

    /// <summary>Idle nodes of labels that were taken out of the pool and that nobody was promised.</summary>
    public IEnumerable<NodeView> Unserved() => _idle.Unserved();

    private void Wait(RequestView request, PoolVerdict obstacle, ValueList<string> labels, ValueList<string> launches, List<NodeView> reused, ValueList<NodeView> held)
    {
        if (LaneFor(request, obstacle, launches) is { } lane)
        {
            // There is room: whoever wants other labels may have it, and what is idle stays for this one as for everybody who waits.
            outcome.IsFull = true;
            if (!PoolPlanner.IsMinReady(request))
            {
                _line.WaitForLane(request, lane, launches.Count);
                _idle.LeaveTo(request, labels, isStrict: true);
            }

            return;
        }

        // A missing image says nothing about room, nor does a launcher that may not launch.
        if (held.Count > 0 && obstacle.Code != VerdictCode.ImageMissing && IsBehindAnother(request, IsAtOurProvider))
        {
            outcome.Actions.Add(new PoolAction.Regroup(request, held, Remaining: 0));
            return;
        }

        if (obstacle.Code is VerdictCode.ImageMissing or VerdictCode.LaunchesOff)
        {
            return;
        }

        outcome.IsFull = true;
        if (obstacle.Code == VerdictCode.BreakerOpen)
        {
            // It waits for no room, and keeps none from others.
            return;
        }

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
        var isFirst = _line.IsFirstForRoom(request);
        var isStrict = (isFirst && MakeRoom(request, launches, reused)) || held.Count > 0 || IsPatienceOver(request);
        _line.WaitForRoom(request, launches.Count, isStrict);
        _idle.LeaveTo(request, labels, isStrict || !isFirst);
    }

    /// <summary>The label whose launches have to end first; null when it waits for something else.</summary>
    private string? LaneFor(RequestView request, PoolVerdict obstacle, ValueList<string> launches) => obstacle.Code switch
    {
        VerdictCode.Governed => obstacle.Subject,
        VerdictCode.Behind when _line.IsFirstForRoom(request) => _line.LaneOf(request, launches),
        _ => null,
    };

    /// <summary>The tenant has to give something back first: that holds up others of the same tenant and nobody else.</summary>
    private void WaitForTenant(RequestView request, TenantLimit limit, int nodes, ValueList<NodeView> held)
    {
        tenants.Wait(limit, request, nodes, isStrict: held.Count > 0 || IsPatienceOver(request));
        if (held.Count > 0 && IsBehindAnother(request, other => other.Record!.TenantName == limit.Tenant))
        {
            outcome.Actions.Add(new PoolAction.Regroup(request, held, Remaining: 0));
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

    /// <summary>Lets just as many idle nodes go as are needed; true when the room will suffice without anybody else's giving nodes back.</summary>
    private bool MakeRoom(RequestView request, ValueList<string> launches, List<NodeView> reused)
    {
        if (model.IsQuotaClosed || !model.Options.Deletes)
        {
            return false;
        }

        // Everything idle together, before anybody looks which of it: thousands of requests may wait for more than that.
        var (here, provider) = _idle.Evictable.Cost;
        if (!budget.WillFit(launches, here, provider))
        {
            return false;
        }

        var victims = new List<NodeView>();
        (here, provider) = (Quota.Zero, Quota.Zero);
        using var next = _idle.Evictable.Left.Except(reused).GetEnumerator();
        while (!budget.WillFit(launches, here, provider))
        {
            if (!next.MoveNext())
            {
                return false;
            }

            victims.Add(next.Current);
            provider = provider.Plus(next.Current.Record!.Cost);
            here = model.Owns(next.Current) ? here.Plus(next.Current.Record.Cost) : here;
        }

        outcome.Actions.AddRange(victims.Select(node => new PoolAction.Evict(node, request)));
        _idle.Promise(victims);
        return true;
    }
}
