using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Lists;
using Column = Nodepool.Lists.ListColumn<Nodepool.Status.LabelCount>;

namespace Nodepool.Status;

/// <summary>Nodes by label and state, against what shall be kept ready.</summary>
internal static class LabelSection
{
    private static readonly Column[] Columns =
    [
        Column.Of("Label", "label", row => ListCell.Of(row.Label)),
        Column.Of("Min Ready", "min_ready", row => row.MinReady is { } wanted ? ListCell.Of(wanted) : ListCell.Of((string?)null)),
        Column.Of("Idle", "idle", row => ListCell.Of(row.Idle)),
        Column.Of("Building", "building", row => ListCell.Of(row.In(NodeState.Init, NodeState.Building))),
        Column.Of("Assigned", "assigned", row => ListCell.Of(row.In(NodeState.Ready, NodeState.Testing) - row.Idle)),
        Column.Of("In Use", "in_use", row => ListCell.Of(row.In(NodeState.InUse))),
        Column.Of("Held", "held", row => ListCell.Of(row.In(NodeState.Hold))),
        Column.Of("Leaving", "leaving", row => ListCell.Of(
            row.In(NodeState.Used, NodeState.Deleting, NodeState.Deleted, NodeState.Failed, NodeState.Aborted))),
    ];

    public static ListTable Of(ClusterView view, NodepoolConfig config, double now) => ListTable.Of(Columns, LabelCount.All(view, config, now), now);
}
