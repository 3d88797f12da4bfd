using Nodepool.Core.Collections;
using Nodepool.Core.Providers;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>
/// Finds idle nodes whose machine is gone: a host was started anew, somebody deleted the machine behind our back. Pure. As with leaks, two
/// sightings are needed. Nodes that a client has are the client's to judge.
/// </summary>
public static class LossPlanner
{
    /// <summary>A listing may lag behind a launch; nodes are judged only when they have been ready for so long.</summary>
    public static TimeSpan Settled { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Nodes that are ready by their record and not running by the listing.</summary>
    /// <param name="view">A view that is not older than the listing.</param>
    /// <param name="provider">Name of the provider.</param>
    /// <param name="resources">All that the provider lists.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static ValueList<NodeView> Lost(ClusterView view, string provider, IEnumerable<CloudResource> resources, double unixNow)
    {
        var running = resources.Where(resource => resource.Type == CloudResource.InstanceType && resource.IsRunning).Select(resource => resource.ExternalId).ToHashSet(StringComparer.Ordinal);
        return (from list in view.Nodes.Idle
                where list.Key.Pool.Provider == provider
                from id in list.Value
                let node = view.Nodes.ById[id]
                where !node.IsLocked && node.Record!.Launch is not null && unixNow - node.Record.StateTime > Settled.TotalSeconds
                    && node.Record.ExternalId.AsText() is { } externalId && !running.Contains(externalId)
                select node).DistinctBy(node => node.Id).OrderBy(node => node.Id, StringComparer.Ordinal).ToValueList();
    }
}
