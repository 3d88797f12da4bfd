using Nodepool.Core.View;
using Column = Nodepool.Lists.ListColumn<(Nodepool.Core.View.JobView Job, int Held)>;

namespace Nodepool.Lists;

/// <summary><c>nodepool job-list</c>.</summary>
internal static class JobList
{
    /// <summary>The columns of the seed era.</summary>
    private const int BriefColumns = 3;

    private static readonly Column[] Columns =
    [
        Column.Of("ID", "id", row => ListCell.Of(row.Job.Id)),
        Column.Of("Name", "name", row => ListCell.Of(row.Job.Record!.Name)),
        Column.Of("Hold on Failure", "hold_on_failure", row => ListCell.Of(row.Job.Record!.HoldOnFailure)),
        Column.Of("Held", "held", row => ListCell.Of(row.Held)),
    ];

    /// <summary>All jobs that can be understood, by id, with the number of nodes that are held for them now.</summary>
    public static ListTable Of(ClusterView view, double now)
    {
        var held = view.Nodes.Held.GroupBy(id => view.Nodes.ById[id].Record!.HoldJob ?? "", StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        return ListTable.Of(
            Columns,
            view.Jobs.Values.Where(job => job.Record is not null).OrderBy(job => job.Id, StringComparer.Ordinal).Select(job => (job, held.GetValueOrDefault(job.Record!.Name))),
            now) with
        { UsualColumns = BriefColumns };
    }
}
