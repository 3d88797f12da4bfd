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
    /// <param name="config">Ages that are allowed.</param>
    /// <param name="mayDelete">Nodes may be deleted; else only records of what is gone are tidied up.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static HousekeepingPlan Plan(ClusterView view, NodepoolConfig config, bool mayDelete, double unixNow) => new(
        mayDelete ? Aged(view, config, unixNow).ToValueList() : [],
        mayDelete ? Expired(view, config, unixNow).ToValueList() : [],
        Lost(view).ToValueList(),
        StaleLocks(view, unixNow).ToValueList(),
        Empty(view).ToValueList());

    /// <summary>Idle nodes beyond their label's max-ready-age.</summary>
    private static IEnumerable<NodeView> Aged(ClusterView view, NodepoolConfig config, double now) =>
        from list in view.Nodes.Idle
        let age = config.FindLabel(list.Key.Label)?.MaxReadyAge ?? TimeSpan.Zero
        where age > TimeSpan.Zero
        from id in list.Value
        let node = view.Nodes.ById[id]
        where !node.IsLocked && now - node.Record!.StateTime > age.TotalSeconds
        orderby id
        select node;

    /// <summary>Held nodes whose own expiry or the general one has passed.</summary>
    private static IEnumerable<NodeView> Expired(ClusterView view, NodepoolConfig config, double now)
    {
        foreach (var id in view.Nodes.Held)
        {
            var node = view.Nodes.ById[id];
            double[] limits = [node.Record!.HoldExpiration ?? 0, config.MaxHoldAge.TotalSeconds];
            var limit = limits.Where(seconds => seconds > 0).DefaultIfEmpty(double.PositiveInfinity).Min();
            if (!node.IsLocked && now - node.Record.StateTime >= limit)
            {
                yield return node;
            }
        }
    }

    /// <summary>Pending requests that nobody works on: their pool has died between losing all nodes and saying so.</summary>
    private static IEnumerable<RequestView> Lost(ClusterView view) =>
        from request in view.OpenRequests
        where request.Record!.State == RequestState.Pending
            && view.Nodes.Of(request.Id).IsEmpty
            && view.RequestLocks.GetValueOrDefault(request.Id) is not { Contenders.IsEmpty: false }
        select request;

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
