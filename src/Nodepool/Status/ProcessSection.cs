using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Lists;
using Column = Nodepool.Lists.ListColumn<Nodepool.Core.Model.ProcessRecord>;

namespace Nodepool.Status;

/// <summary>Live processes and the configuration that each works with.</summary>
internal static class ProcessSection
{
    private static readonly Column[] Columns =
    [
        Column.Of("Host", "hostname", process => ListCell.Of(process.Hostname)),
        Column.Of("Process", "process_id", process => ListCell.Of(process.ProcessId)),
        Column.Of("Roles", "roles", process => ListCell.Of(process.Roles)),
        Column.Of("Configuration", "config_files", process => ListCell.Of(process.ConfigFiles)),
        Column.Of("Version", "digest", process => ListCell.Of(process.Digest)),
        Column.Of("Revision", "revision", process => ListCell.Of(process.Revision)),
        new("For", "since", (process, now) => ListCell.Age(process.Since, now)),
        new("Refusing For", "refused_since", (process, now) => ListCell.Age(process.RefusedSince, now)),
    ];

    public static ListTable Of(ClusterView view, double now) => ListTable.Of(Columns, Sorted(view), now);

    /// <summary>By host and process; of several entries of one process, which a lost answer may leave, the newest.</summary>
    public static IEnumerable<ProcessRecord> Sorted(ClusterView view) => view.Processes
        .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)
        .GroupBy(process => (process.Hostname, process.ProcessId)).Select(group => group.Last())
        .OrderBy(process => process.Hostname, StringComparer.Ordinal).ThenBy(process => process.ProcessId);
}
