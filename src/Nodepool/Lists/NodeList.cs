using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.View;
using Column = Nodepool.Lists.ListColumn<Nodepool.Core.View.NodeView>;

namespace Nodepool.Lists;

/// <summary><c>nodepool list</c> and <c>/node-list</c>.</summary>
internal static class NodeList
{
    /// <summary>Columns that are shown without <c>--detail</c>.</summary>
    private const int BriefColumns = 9;

    private static readonly Column[] Columns =
    [
        Column.Of("ID", "id", node => ListCell.Of(node.Id)),
        Of("Provider", "provider", node => ListCell.Of(node.Provider)),
        Of("Label", "label", node => ListCell.Of(node.Type)),
        Of("Server ID", "server_id", node => ListCell.Of(node.ExternalId)),
        Of("Public IPv4", "public_ipv4", node => ListCell.Of(node.PublicIPv4)),
        Of("IPv6", "ipv6", node => ListCell.Of(node.PublicIPv6)),
        Of("State", "state", node => ListCell.Of(node.State.Word())),
        new("Age", "age", (node, now) => ListCell.Age(node.Record!.StateTime, now)),
        Column.Of("Locked", "locked", node => ListCell.Of(node.IsLocked ? "locked" : "unlocked")),
        Of("Pool", "pool", node => ListCell.Of(node.Pool)),
        Of("Hostname", "hostname", node => ListCell.Of(node.Hostname)),
        Of("Private IPv4", "private_ipv4", node => ListCell.Of(node.PrivateIPv4)),
        Of("AZ", "AZ", node => ListCell.Of(node.Az)),
        Of("Username", "username", node => ListCell.Of(node.Username)),
        Of("Port", "connection_port", node => Port(node.ConnectionPort)),
        Of("Launcher", "launcher", node => ListCell.Of(node.Launcher)),
        Of("Allocated To", "allocated_to", node => ListCell.Of(node.AllocatedTo)),
        Of("Hold Job", "hold_job", node => ListCell.Of(node.HoldJob)),
        Of("Comment", "comment", node => ListCell.Of(node.Comment)),
        Of("User Data", "user_data", node => ListCell.Of(node.UserData)),
        Of("Driver Data", "driver_data", node => ListCell.Of(node.DriverData)),
    ];

    /// <summary>All nodes that can be understood, by id; or those of <paramref name="ids"/> that exist.</summary>
    public static ListTable Of(ClusterView view, double now, params IReadOnlyCollection<string> ids) => Of(Columns, view, now, ids);

    /// <summary>The same for the command line, with a column more: whether the node's provider shall become empty.</summary>
    public static ListTable WithDrains(ClusterView view, double now) => Of([.. Columns, Of("Draining", "draining", node => ListCell.Of(view.IsDrained(node.Provider)))], view, now, []);

    private static ListTable Of(IReadOnlyList<Column> columns, ClusterView view, double now, IReadOnlyCollection<string> ids) => ListTable.Of(
        columns,
        (ids.Count == 0 ? view.Nodes.ById.Values : ids.Select(id => view.Nodes.ById.GetValueOrDefault(id)).OfType<NodeView>())
            .Where(node => node.Record is not null).OrderBy(node => node.Id, StringComparer.Ordinal),
        now) with
    { UsualColumns = BriefColumns };

    private static Column Of(string title, string field, Func<NodeRecord, ListCell> cell) => Column.Of(title, field, node => cell(node.Record!));

    /// <summary>Where it is no number it is an object with credentials.</summary>
    private static ListCell Port(RawJson port) => port.IsNull ? ListCell.Of(port) : port.AsNumber() is { } number ? ListCell.Of(number) : ListCell.Of("redacted");
}
