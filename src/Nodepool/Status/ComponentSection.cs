using Nodepool.Core.View;
using Nodepool.Lists;
using Column = Nodepool.Lists.ListColumn<Nodepool.Core.Model.ComponentRecord>;

namespace Nodepool.Status;

/// <summary>Live processes.</summary>
internal static class ComponentSection
{
    private static readonly Column[] Columns =
    [
        Column.Of("Kind", "kind", component => ListCell.Of(component.Kind)),
        Column.Of("Host", "hostname", component => ListCell.Of(component.Hostname)),
        Column.Of("State", "state", component => ListCell.Of(component.State)),
        Column.Of("Version", "version", component => ListCell.Of(component.Version)),
    ];

    public static ListTable Of(ClusterView view, double now) => ListTable.Of(
        Columns,
        view.Components.Where(pair => pair.Value.Kind != "pool").OrderBy(pair => pair.Value.Kind, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value),
        now);
}
