using Nodepool.Core.View;
using Column = Nodepool.Lists.ListColumn<Nodepool.Core.View.NodeView>;

namespace Nodepool.Lists;

/// <summary>The second part of <c>nodepool info</c>: the nodes of a provider.</summary>
internal static class ProviderNodeList
{
    private static readonly Column[] Columns =
    [
        Column.Of("ID", "id", node => ListCell.Of(node.Id)),
        Column.Of("Server ID", "server_id", node => ListCell.Of(node.Record!.ExternalId)),
    ];

    /// <summary>All nodes of the provider by id.</summary>
    public static ListTable Of(ClusterView view, string provider, double now) => ListTable.Of(
        Columns, view.Nodes.ById.Values.Where(node => node.Record?.Provider == provider).OrderBy(node => node.Id, StringComparer.Ordinal), now);
}
