using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>
/// Where ready nodes are wanted: over the providers whose pools have room for the label and no trouble with it, evenly, within the best rank of them. Where one
/// provider is left, or none, nobody is named.
/// </summary>
/// <param name="view">All records.</param>
internal sealed class ReadySpread(ClusterView view)
{
    private readonly Dictionary<(string Label, string Provider), int> _planned = [];

    /// <summary>The provider of the next node of a label; null: wherever there is room.</summary>
    public string? Next(string label)
    {
        var pools = view.Pools.Where(pool => MayServe(pool, label)).ToList();
        var best = pools.Where(pool => pool.Priority == pools.Min(other => other.Priority)).Select(pool => pool.ProviderName!).Distinct(StringComparer.Ordinal).ToList();
        if (best.Count < 2)
        {
            return null;
        }

        var next = best.MinBy(provider => (Count(label, provider), provider))!;
        _planned[(label, next)] = _planned.GetValueOrDefault((label, next)) + 1;
        return next;
    }

    /// <summary>A request waits for a provider that cannot serve it now, and another can.</summary>
    public bool IsStranded(NodeRequestRecord request)
    {
        var pools = view.Pools.Where(pool => MayServe(pool, request.NodeTypes[0]) && !request.DeclinedBy.Contains(pool.Id!)).ToList();
        return request is { State: RequestState.Requested, Provider: not null } && pools.Count > 0 && pools.TrueForAll(pool => pool.ProviderName != request.Provider);
    }

    private bool MayServe(ComponentRecord pool, string label) =>
        pool is { ProviderName: not null, Paused: false, IsStanding: false } && pool.SupportedLabels.Contains(label) && !view.IsDrained(pool.ProviderName)
        && view.TermsOf(pool.Id!)?.IsBroken(label) != true;

    private int Count(string label, string provider) => _planned.GetValueOrDefault((label, provider))
        + view.Nodes.Idle.Where(list => list.Key.Label == label && list.Key.Pool.Provider == provider).Sum(list => list.Value.Count)
        + view.OpenRequests.Count(request => request.Record is { Requestor: MinReadyPlanner.Requestor } record && record.Provider == provider && record.NodeTypes is [var only] && only == label);
}
