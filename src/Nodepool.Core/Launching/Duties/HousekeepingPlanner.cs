using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>Finds what time or a crash has left to be cleaned up in the records. Pure.</summary>
public static class HousekeepingPlanner
{
    /// <summary>
    /// Lock directories are removed so long after their request is gone: a peer that has just looked for the directory may be about
    /// to create its contender in it.
    /// </summary>
    public static TimeSpan LockDirectoryAge { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Decides.</summary>
    /// <param name="view">All records.</param>
    /// <param name="config">Which pools are ours to run.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static HousekeepingPlan Plan(ClusterView view, NodepoolConfig config, double unixNow) =>
        new(Lost(view, config).ToValueList(), StaleLocks(view, unixNow).ToValueList(), Empty(view).ToValueList());

    /// <summary>
    /// Pending requests that nobody works on and nobody will: who accepted one holds its lock and has nodes for it, and so does who goes on in
    /// the place of a launcher that died. Only a pool that is neither ours nor registered has nobody who would.
    /// </summary>
    private static IEnumerable<RequestView> Lost(ClusterView view, NodepoolConfig config) =>
        from request in view.OpenRequests
        where request.Record!.State == RequestState.Pending && !view.IsLocked(request)
        let nodes = view.Nodes.Of(request.Id).Select(id => view.Nodes.ById[id].Record!).ToArray()
        where nodes.All(node => LeftPools.IsLeft(view, config, PoolKey.Of(node)))
            && (nodes.All(node => config.FindProvider(node.Provider ?? "") is not null) || IsServed(view, request))
        select request;

    /// <summary>Some pool would take it. Else it waits for the launcher that had it: to offer it to all others would be to let it fail.</summary>
    private static bool IsServed(ClusterView view, RequestView request) => view.Pools.Any(pool =>
        !request.Record!.DeclinedBy.Contains(pool.Id!) && request.Record.NodeTypes.All(pool.SupportedLabels.Contains));

    private static IEnumerable<RequestLockView> StaleLocks(ClusterView view, double now) =>
        from directory in view.RequestLocks.Values
        where directory.Contenders.IsEmpty && !view.Requests.ContainsKey(directory.Request)
            && now - (directory.CreatedMs / 1000.0) > LockDirectoryAge.TotalSeconds
        orderby directory.Request
        select directory;

    /// <summary>Entries without data: what is left when somebody locks a node that has just gone.</summary>
    private static IEnumerable<NodeView> Empty(ClusterView view) =>
        from node in view.Nodes.Unreadable
        where !node.IsLocked
        select node;
}
