using Nodepool.Core.Canaries;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>
/// Finds idle nodes that were booted from an older upload than new ones are. Pure. While a newer upload is on trial (<c>image-canary</c>) the trusted one counts: what
/// has not proved itself replaces nothing.
/// </summary>
public static class OutdatedNodes
{
    /// <summary>Those of one label that nobody is at, oldest first.</summary>
    /// <param name="view">All records.</param>
    /// <param name="config">Which images labels boot from.</param>
    /// <param name="label">Name of the label.</param>
    public static IEnumerable<NodeView> Of(ClusterView view, NodepoolConfig config, string label)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(config);
        return (from list in view.Nodes.Idle
                where list.Key.Label == label && Reference(view, config, list.Key.Pool, label) is not null
                let reference = Reference(view, config, list.Key.Pool, label)
                from id in list.Value
                let node = view.Nodes.ById[id]
                where !node.IsLocked && node.Record!.Type[0] == label && IsOlder(view, node.Record, reference)
                orderby node.Id
                select node).ToList();
    }

    /// <summary>The upload that new nodes boot from without being a trial of it; null when the label boots from no image of ours, or there is none.</summary>
    private static UploadView? Reference(ClusterView view, NodepoolConfig config, PoolKey pool, string label)
    {
        if (PoolSetup.Find(config, pool)?.Pool.FindLabel(label)?.DiskImage is not { } name)
        {
            return null;
        }

        var (image, canary) = (view.Image(name), LaunchCanary.Of(config, name, pool.Provider, label));
        return canary.Config is not null && CanaryTrial.Of(image, canary.Scope) is { } trial ? trial.Baseline : image.NewestReadyUpload(pool.Provider);
    }

    /// <summary>What is unknown of an upload that has gone is that it was not older.</summary>
    private static bool IsOlder(ClusterView view, NodeRecord node, UploadView reference) =>
        node.ImageId != reference.Path && node.ImageId is { } path && ImageDataPath.Parse(path) is { Upload: not null } from
        && (from.Image != reference.Image || view.Image(from.Image).Uploads.GetValueOrDefault(path) is not { Record: not null } upload || view.Image(from.Image).BuiltAt(upload) < view.Image(from.Image).BuiltAt(reference));
}
