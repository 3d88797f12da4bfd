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
/// <param name="model">The pool.</param>
/// <param name="budget">What may still be launched here.</param>
/// <param name="candidates">Who else could serve a request.</param>
/// <param name="now">Unix seconds.</param>
internal sealed class HandOver(PoolModel model, PoolBudget budget, PoolCandidates candidates, double now)
{
    /// <summary>A cloud that does not answer for a shorter time costs nobody a begun launch.</summary>
    public static TimeSpan Blip { get; } = TimeSpan.FromSeconds(5);

    /// <summary>A pool that takes so many times longer gets what others have no room for.</summary>
    private const double Much = 2;

    /// <summary>So long a request is left to others; whoever has not taken it by then does not seem to.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(30);

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
        return late.Count > 0 && (candidates.Better(request) is not null || (!late.Any(IsSlow) && budget.Obstacle(late) is null));
    }

    /// <summary>Whether a pending request that lacks nodes here gets them sooner elsewhere, because launches fail here.</summary>
    public bool IsStranded(RequestView request, IEnumerable<string> missing) => budget.Outage(missing) is not null && candidates.Better(request) is not null;

    /// <summary>The pool to which a request is left for a moment, because it was handed over here or takes much longer; null: nobody.</summary>
    public ComponentRecord? LeftTo(RequestView request) =>
        now - request.Record!.StateTime >= Courtesy.TotalSeconds ? null
        : IsDone(request) ? candidates.Better(request)
        : request.Record.NodeTypes.All(label => model.Lanes.TryGetValue(label, out var lane) && lane.Usual is not null) ? candidates.Better(request, IsFaster)
        : null;

    /// <summary>
    /// That a request has been tried for as long as it may be, or waited so long for what fails here, or that the cloud refuses what it needs; null: none of this.
    /// </summary>
    public PoolVerdict? Hopeless(RequestView request)
    {
        var record = request.Record!;
        if (record.LaunchDeadline is { } deadline && HasPassed(deadline))
        {
            return new PoolVerdict(VerdictCode.Deadline, record.NodeTypes[0]) { IsFinal = true };
        }

        if (!model.Lanes.Values.Any(lane => lane.IsOpen) || budget.Outage(record.NodeTypes) is not { } outage)
        {
            return null;
        }

        // It was refused itself, or somebody was since it came; one that came later waits for the next probe.
        bool IsRefused(string label) => model.Lanes.TryGetValue(label, out var lane) && lane.IsRefusal && (lane.TrippedAt >= record.StateTime || IsDone(request));
        if (record.NodeTypes.FirstOrDefault(IsRefused) is { } refused && budget.Obstacle(record.NodeTypes) is { Code: VerdictCode.BreakerOpen })
        {
            return new PoolVerdict(VerdictCode.LaunchFailed, $"launches of label {refused} fail here: {outage.Cause}");
        }

        var since = record.NodeTypes.Append(LaneTerms.All).Max(name => model.Lanes.TryGetValue(name, out var lane) ? lane.OpenSince ?? 0 : 0);
        var isOver = record.LaunchDeadline is null && HasPassed(Math.Max(record.CreatedTime ?? 0, since) + model.DeadlineOf(record.NodeTypes));
        return isOver ? new PoolVerdict(VerdictCode.Deadline, record.NodeTypes[0]) { Cause = outage.Cause } : null;
    }

    /// <summary>Not only because the clock was set: nobody has tried for the time that it has left out.</summary>
    private bool HasPassed(double deadline) => deadline <= now && !(deadline <= model.ClockSetTo);

    /// <summary>Nodes of all labels are ready there in half the time.</summary>
    private bool IsFaster(PoolTermsRecord other, ValueList<string> labels) => other.Priority == model.Config.Priority
        && labels.All(label => other.Lanes.TryGetValue(label, out var there) && there.Usual * Much <= model.Lanes[label].Usual);

    private bool IsDone(RequestView request) => request.Record!.HandedOver.Contains(model.Key.ToString());

    /// <summary>When most are late the cloud is slow, and more to do makes it slower.</summary>
    private bool IsSlow(string label) => model.Lanes.TryGetValue(label, out var lane) && lane.IsSlow;

    private bool IsLate(NodeView node) => node.Record is { State: NodeState.Building } record
        && ((model.Lanes.TryGetValue(record.Type[0], out var lane) && now - record.CreatedTime >= lane.Patience)
            || (model.Lanes.TryGetValue(LaneTerms.All, out var all) && now - all.OpenSince >= Blip.TotalSeconds));
}
