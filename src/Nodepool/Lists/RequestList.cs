using Nodepool.Core.Model;
using Nodepool.Core.View;
using Column = Nodepool.Lists.ListColumn<Nodepool.Core.View.RequestView>;

namespace Nodepool.Lists;

/// <summary><c>nodepool request-list</c> and <c>/request-list</c>.</summary>
internal static class RequestList
{
    private static readonly Column[] Columns =
    [
        Column.Of("Request ID", "id", request => ListCell.Of(request.Id)),
        Of("Priority", "relative_priority", request => ListCell.Of(request.RelativePriority)),
        Of("State", "state", request => ListCell.Of(request.State.Word())),
        Of("Requestor", "requestor", request => ListCell.Of(request.Requestor)),
        Of("Node Types", "node_types", request => ListCell.Of(request.NodeTypes)),
        Of("Nodes", "nodes", request => ListCell.Of(request.Nodes)),
        Of("Declined By", "declined_by", request => ListCell.Of(request.DeclinedBy)),
        Of("Event ID", "event_id", request => ListCell.Of(request.EventId)),
        new("Age", "age", (request, now) => ListCell.Age(request.Record!.StateTime, now)),
        Of("Provider", "provider", request => ListCell.Of(request.Provider)),
        Of("Tenant", "tenant_name", request => ListCell.Of(request.TenantName)),
        Of("Reuse", "reuse", request => ListCell.Of(request.Reuse)),
    ];

    private const int PythonColumns = 8;

    /// <summary>All requests that can be understood, by id.</summary>
    public static ListTable Of(ClusterView view, double now) => ListTable.Of(
        Columns,
        view.Requests.Values.Where(request => request.Record is not null).OrderBy(request => request.Id, StringComparer.Ordinal),
        now) with
    { UsualColumns = PythonColumns };

    private static Column Of(string title, string field, Func<NodeRequestRecord, ListCell> cell) => Column.Of(title, field, request => cell(request.Record!));
}
