using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Lists;
using Column = Nodepool.Lists.ListColumn<Nodepool.Core.Model.ComponentRecord>;

namespace Nodepool.Status;

/// <summary>Live pools and what they serve.</summary>
internal static class PoolSection
{
    private static Column[] Columns(ClusterView view) =>
    [
        Column.Of("Provider", "provider", pool => ListCell.Of(pool.ProviderName)),
        Column.Of("Pool", "pool", pool => ListCell.Of(pool.Name)),
        Column.Of("State", "state", pool => ListCell.Of(view.IsDrained(pool.ProviderName) ? "draining" : StateOf(pool, view.TermsOf(pool.Id ?? "")))),
        Column.Of("Host", "hostname", pool => ListCell.Of(pool.Hostname)),
        Column.Of("Priority", "priority", pool => ListCell.Of(pool.Priority)),
        Column.Of("Labels", "labels", pool => ListCell.Of(pool.SupportedLabels)),
    ];

    public static ListTable Of(ClusterView view, double now) => ListTable.Of(
        Columns(view),
        view.Pools.OrderBy(pool => pool.Priority).ThenBy(pool => pool.ProviderName, StringComparer.Ordinal).ThenBy(pool => pool.Name, StringComparer.Ordinal),
        now);

    /// <summary>What most concerns a new request.</summary>
    private static string StateOf(ComponentRecord pool, PoolTermsRecord? terms)
    {
        var lanes = terms?.Lanes ?? ValueMap<LaneTerms>.Empty;
        var broken = lanes.Where(lane => lane.Value.IsOpen).Select(lane => lane.Key).ToList();
        var limited = lanes.Where(lane => lane.Value.Limit is not null).Select(lane => lane.Value.Limit!.Value).ToList();
        return broken.Count > 0 ? broken.Contains(LaneTerms.All) ? "failing" : $"failing: {string.Join(',', broken)}"
            : limited.Count > 0 ? $"slowed to {limited.Min()}"
            : pool.Paused ? "full"
            : pool.State;
    }
}
