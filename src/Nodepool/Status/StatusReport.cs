using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.View;
using Nodepool.Lists;

namespace Nodepool.Status;

/// <summary>The whole cluster on one page: what is wrong first.</summary>
/// <param name="Problems">What needs a person, the worst first.</param>
/// <param name="Sections">The lists, by title.</param>
internal sealed record StatusReport(IReadOnlyList<string> Problems, IReadOnlyList<(string Title, string Field, ListTable Table)> Sections)
{
    /// <summary>Looks at everything.</summary>
    /// <param name="view">All records.</param>
    /// <param name="config">The configuration file, good or bad.</param>
    /// <param name="now">Unix seconds.</param>
    public static StatusReport Of(ClusterView view, ConfigResult config, double now)
    {
        var valid = config.Config ?? new NodepoolConfig();
        return new StatusReport(
            [.. StatusProblems.Of(view, config, now)],
            [
                ("Components", "components", ComponentSection.Of(view, now)),
                .. view.Processes.IsEmpty ? Array.Empty<(string, string, ListTable)>() : [("Processes", "processes", ProcessSection.Of(view, now))],
                ("Pools", "pools", PoolSection.Of(view, now)),
                ("Labels", "labels", LabelSection.Of(view, valid, now)),
                ("Open requests", "requests", RequestSection.Of(view, config.Config, now)),
                ("Images", "images", ImageSection.Of(view, valid, now)),
            ]);
    }
}
