using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>
/// Where ready nodes are wanted: over the providers whose pools have room for the label and no trouble with it, evenly, within the best rank of them. Where one
/// provider is left, or none, nobody is named. What is the same for all nodes of a label is found out once in a pass: thousands may be lacking.
/// </summary>
/// <param name="view">All records.</param>
internal sealed class ReadySpread(ClusterView view)
{
    private readonly Dictionary<string, List<ComponentRecord>> _serving = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, int>> _counts = new(StringComparer.Ordinal);

    /// <summary>The provider of the next node of a label; null: wherever there is room.</summary>
    public string? Next(string label)
    {
        if (!_counts.TryGetValue(label, out var counts))
        {
            _counts[label] = counts = Count(label);
        }

        if (counts.Count < 2)
        {
            return null;
        }

        var next = counts.MinBy(pair => (pair.Value, pair.Key)).Key;
        counts[next]++;
        return next;
    }

    /// <summary>A request waits for a provider that cannot serve it now, and another can.</summary>
    public bool IsStranded(NodeRequestRecord request)
    {
        if (request is not { State: RequestState.Requested, Provider: not null })
        {
            return false;
        }

        var pools = Serving(request.NodeTypes[0]).Where(pool => !request.DeclinedBy.Contains(pool.Id!)).ToList();
        return pools.Count > 0 && pools.TrueForAll(pool => pool.ProviderName != request.Provider);
    }

    private List<ComponentRecord> Serving(string label)
    {
        if (!_serving.TryGetValue(label, out var pools))
        {
            _serving[label] = pools = view.Pools.Where(pool => MayServe(pool, label)).ToList();
        }

        return pools;
    }

    private bool MayServe(ComponentRecord pool, string label) =>
        pool is { ProviderName: not null, Paused: false, IsStanding: false } && pool.SupportedLabels.Contains(label) && !view.IsDrained(pool.ProviderName)
        && view.TermsOf(pool.Id!)?.IsBroken(label) != true;

    /// <summary>How many each of the providers of the best rank has, idle ones and wishes together.</summary>
    private Dictionary<string, int> Count(string label)
    {
        var pools = Serving(label);
        var rank = pools.Select(pool => pool.Priority).DefaultIfEmpty().Min();
        var counts = pools.Where(pool => pool.Priority == rank).Select(pool => pool.ProviderName!).Distinct(StringComparer.Ordinal).ToDictionary(name => name, _ => 0, StringComparer.Ordinal);
        if (counts.Count < 2)
        {
            return counts;
        }

        void Add(string? provider, int number)
        {
            if (provider is not null && counts.TryGetValue(provider, out var before))
            {
                counts[provider] = before + number;
            }
        }

        foreach (var list in view.Nodes.Idle.Where(list => list.Key.Label == label))
        {
            Add(list.Key.Pool.Provider, list.Value.Count);
        }

        foreach (var request in view.RequestsOf(MinReadyPlanner.Requestor).Where(request => request.IsOpen && request.Record!.NodeTypes is [var only] && only == label))
        {
            Add(request.Record!.Provider, 1);
        }

        return counts;
    }
}
