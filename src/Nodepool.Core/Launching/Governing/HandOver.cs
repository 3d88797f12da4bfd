using Nodepool.Core.Collections;
using Nodepool.Core.Explaining;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Governing;

/// <summary>
/// Hedging: a request whose launches are unlikely to end soon goes back among those that wait, and its nodes are anybody's. Each pool does that once with a
/// request, and all of it ends with the request's deadline. Pure.
/// </summary>
/// <param name="view">All records.</param>
/// <param name="model">The pool.</param>
/// <param name="budget">What may still be launched here.</param>
/// <param name="candidates">Who else could serve a request.</param>
/// <param name="now">Unix seconds.</param>
internal sealed class HandOver(ClusterView view, PoolModel model, PoolBudget budget, PoolCandidates candidates, double now)
{
    /// <summary>A cloud that does not answer for a shorter time costs nobody a begun launch.</summary>
    public static TimeSpan Blip { get; } = TimeSpan.FromSeconds(5);

    /// <summary>So long a request is left to others; whoever has not taken it by then does not seem to.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(30);

    /// <summary>One more than this part of the launches may be late, for others here to be worth a try: when many are, the cloud is slow, and more to do makes it slower.</summary>
    private const double Few = 0.1;

    private int? _launching;
    private int _late;

    /// <summary>Whether a pending request had better be served anew.</summary>
    /// <param name="request">It.</param>
    /// <param name="nodes">Its nodes here, none of which has failed.</param>
    public bool IsDue(RequestView request, IEnumerable<NodeView> nodes)
    {
        if (model.Lanes.Count == 0 || IsDone(request) || PoolPlanner.IsMinReady(request))
        {
            return false;
        }

        var late = nodes.Where(IsLate).Select(node => node.Record!.Type[0]).ToValueList();
        return late.Count > 0 && (candidates.Better(request) is not null || (AreFew() && budget.Obstacle(late) is null));
    }

    /// <summary>Whether a pending request that lacks nodes here gets them sooner elsewhere, because launches fail here.</summary>
    public bool IsStranded(RequestView request, IEnumerable<string> missing) => budget.Outage(missing) is not null && candidates.Better(request) is not null;

    /// <summary>The pool to which a request that was handed over here is left for a moment; null: nobody.</summary>
    public ComponentRecord? LeftTo(RequestView request) =>
        IsDone(request) && now - request.Record!.StateTime < Courtesy.TotalSeconds ? candidates.Better(request) : null;

    /// <summary>That a request has been tried for as long as it may be, or waited so long for what fails here; null: it has not.</summary>
    public PoolVerdict? Deadline(RequestView request)
    {
        var record = request.Record!;
        if (record.LaunchDeadline is { } deadline)
        {
            return deadline > now ? null : new PoolVerdict(VerdictCode.Deadline, record.NodeTypes[0]) { IsFinal = true };
        }

        if (!model.Lanes.Values.Any(lane => lane.IsOpen) || budget.Outage(record.NodeTypes) is not { } outage)
        {
            return null;
        }

        var since = record.NodeTypes.Append(LaneTerms.All).Max(name => model.Lanes.TryGetValue(name, out var lane) ? lane.OpenSince ?? 0 : 0);
        return Math.Max(record.CreatedTime ?? 0, since) + model.DeadlineOf(record.NodeTypes) > now ? null
            : new PoolVerdict(VerdictCode.Deadline, record.NodeTypes[0]) { Cause = outage.Cause };
    }

    private bool IsDone(RequestView request) => request.Record!.HandedOver.Contains(model.Key.ToString());

    private bool IsLate(NodeView node) => node.Record is { State: NodeState.Building } record
        && ((model.Lanes.TryGetValue(record.Type[0], out var lane) && now - record.CreatedTime >= lane.Patience)
            || (model.Lanes.TryGetValue(LaneTerms.All, out var all) && now - all.OpenSince >= Blip.TotalSeconds));

    private bool AreFew()
    {
        if (_launching is null)
        {
            var launching = view.Nodes.ActiveIn(model.Key).Select(id => view.Nodes.ById[id]).Where(node => node.Record!.State == NodeState.Building).ToList();
            (_launching, _late) = (launching.Count, launching.Count(IsLate));
        }

        return _late <= 1 + (Few * _launching);
    }
}
