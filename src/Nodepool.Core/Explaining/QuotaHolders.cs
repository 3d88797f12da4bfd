using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Explaining;

/// <summary>Who has what there is too little of.</summary>
/// <param name="nodes">The nodes that the limit counts.</param>
/// <param name="resource">The resource that is short.</param>
internal sealed class QuotaHolders(IReadOnlyCollection<NodeRecord> nodes, string resource)
{
    private static readonly (string Word, Func<NodeRecord, bool> Is)[] Kinds =
    [
        ("in use", node => node.State == NodeState.InUse),
        ("ready for its request", node => node.State == NodeState.Ready && !node.IsIdle),
        ("idle", node => node.IsIdle),
        ("being launched", node => node.State is NodeState.Init or NodeState.Building),
        ("held", node => node.State == NodeState.Hold),
        ("leaving", IsLeaving),
    ];

    /// <summary>For people: how much is where, and which party has most; null when no node of ours has any.</summary>
    public string? Text
    {
        get
        {
            var parts = Kinds.Select(kind => (kind.Word, Amount: nodes.Where(kind.Is).Sum(AmountOf))).Where(part => part.Amount > 0).Select(part => $"{part.Amount} {part.Word}").ToList();
            if (parts.Count == 0)
            {
                return null;
            }

            var top = nodes.Where(node => !node.IsIdle).GroupBy(Party.Of).Where(group => !group.Key.IsNobody)
                .Select(group => (Party: group.Key, Amount: group.Sum(AmountOf)))
                .OrderByDescending(share => share.Amount).ThenBy(share => share.Party.ToString(), StringComparer.Ordinal).FirstOrDefault();
            return string.Join(", ", parts) + (top.Amount > 0 ? $"; most for {top.Party} ({top.Amount})" : "");
        }
    }

    /// <summary>
    /// When so much may have been given back. How long a node has been in use says as much about how long it will be: over many, both are spread alike. So the
    /// n-th to end is expected after the n-th shortest of the times that the nodes have been in use until now.
    /// </summary>
    /// <param name="amount">How much is lacking, nodes of others before it included.</param>
    /// <param name="now">Unix seconds.</param>
    public WaitEstimate? Until(long amount, double now)
    {
        var ends = nodes.Where(node => node.State == NodeState.InUse).Select(node => (After: Math.Max(0, now - node.StateTime), Amount: AmountOf(node)))
            .Concat(nodes.Where(IsLeaving).Select(node => (After: 0.0, Amount: AmountOf(node))))
            .OrderBy(end => end.After).ToList();
        var freed = 0L;
        for (var i = 0; i < ends.Count; i++)
        {
            freed += ends[i].Amount;
            if (freed >= amount)
            {
                return ends[i].After == 0
                    ? new WaitEstimate(0, "enough of it is leaving")
                    : new WaitEstimate(ends[i].After, $"{i + 1} of {ends.Count} nodes have to end, and that is how long the {Ordinal(i + 1)}newest of them has been in use");
            }
        }

        return null;
    }

    private static string Ordinal(int place) => place == 1 ? "" : $"{place}{(place % 100 is >= 11 and <= 13 ? "th" : (place % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" })} ";

    private static bool IsLeaving(NodeRecord node) => node.State is NodeState.Used or NodeState.Deleting or NodeState.Deleted or NodeState.Failed or NodeState.Aborted;

    private long AmountOf(NodeRecord node) => node.Cost.Amounts.TryGetValue(resource, out var amount) ? amount : 0;
}
