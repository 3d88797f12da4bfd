using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.View;
using Nodepool.Lists;
using Column = Nodepool.Lists.ListColumn<(Nodepool.Core.View.RequestView Request, string Progress)>;

namespace Nodepool.Status;

/// <summary>Requests that are not fulfilled yet, those that a pool has accepted first and the others in the order in which they are looked at, and what each waits for.</summary>
internal static class RequestSection
{
    private static readonly Column[] Columns =
    [
        Column.Of("Request ID", "id", row => ListCell.Of(row.Request.Id)),
        Column.Of("State", "state", row => ListCell.Of(row.Request.Record!.State.Word())),
        Column.Of("Labels", "node_types", row => ListCell.Of(row.Request.Record!.NodeTypes)),
        Column.Of("Requestor", "requestor", row => ListCell.Of(row.Request.Record!.Requestor)),
        new("Age", "age", (row, now) => ListCell.Age(row.Request.Record!.CreatedTime ?? row.Request.Record.StateTime, now)),
        Column.Of("It", "waits_for", row => ListCell.Of(row.Progress)),
    ];

    public static ListTable Of(ClusterView view, NodepoolConfig? config, double now)
    {
        var order = new WaitingOrder(view, now);
        var accepted = view.OpenRequests.Where(request => request.Record!.State == RequestState.Pending);
        return ListTable.Of(Columns, accepted.Concat(order.Requests).Select(request => (request, RequestProgress.Of(view, config, order, request.Id).Summary)), now);
    }
}
