using Nodepool.Core.View;
using Column = Nodepool.Lists.ListColumn<string>;

namespace Nodepool.Lists;

/// <summary><c>/label-list</c>: what live pools can serve.</summary>
internal static class LabelList
{
    private static readonly Column[] Columns = [Column.Of("Label", "label", label => ListCell.Of(label))];

    /// <summary>Every label of every live pool once, by name.</summary>
    public static ListTable Of(ClusterView view, double now) => ListTable.Of(
        Columns, view.Pools.SelectMany(pool => pool.SupportedLabels).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), now);
}
