using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Decides which builds and uploads are no longer needed: the current and the previous one are
/// kept, by build and by provider; failures stay until something newer is ready, so that one can see why. Pure.
/// </summary>
public static class RetentionPlanner
{
    /// <summary>Ready builds kept per image, and ready uploads per image and provider.</summary>
    public const int Kept = 2;

    /// <summary>Failed builds, and failed uploads per build and provider, kept for people until a newer one is ready.</summary>
    public const int KeptFailures = 5;

    /// <summary>Decides.</summary>
    public static RetentionPlan Plan(ClusterView view, NodepoolConfig config)
    {
        var uploads = new List<UploadView>();
        var builds = new List<BuildView>();
        var gone = new List<BuildView>();
        foreach (var image in view.Images.Values.OrderBy(image => image.Name, StringComparer.Ordinal))
        {
            var keptUploads = KeptUploads(image, config);
            uploads.AddRange(image.Uploads.Values.Where(upload => IsConfigured(config, upload) && !keptUploads.Contains(upload) && !IsBooting(view, upload)));
            var keptBuilds = KeptBuilds(image, config).Concat(keptUploads.Select(upload => image.Builds.GetValueOrDefault(upload.Build)).OfType<BuildView>()).ToHashSet();
            builds.AddRange(image.Builds.Values.Where(build => build.Record?.State is ImageState.Ready or ImageState.Failed && !keptBuilds.Contains(build)));
            gone.AddRange(image.Builds.Values.Where(build => build.Record?.State == ImageState.Deleting && image.Uploads.Values.All(upload => upload.Build != build.Id)));
        }

        return new RetentionPlan(uploads.OrderBy(upload => upload.Path, StringComparer.Ordinal).ToValueList(), Sorted(builds), Sorted(gone));
    }

    private static IEnumerable<BuildView> KeptBuilds(ImageView image, NodepoolConfig config)
    {
        if (config.FindDiskImage(image.Name) is null)
        {
            return [];
        }

        var ready = image.ReadyBuilds.Take(Kept).ToArray();
        var failed = image.Builds.Values
            .Where(build => build.Record?.State == ImageState.Failed && (ready.Length == 0 || build.Record.StateTime > ready[0].Record!.StateTime))
            .OrderByDescending(build => build.Record!.StateTime).Take(KeptFailures);
        return ready.Concat(failed);
    }

    private static HashSet<UploadView> KeptUploads(ImageView image, NodepoolConfig config)
    {
        var kept = new HashSet<UploadView>();
        foreach (var group in image.Uploads.Values.GroupBy(upload => upload.Provider).Where(group => IsListed(config, image.Name, group.Key)))
        {
            var ready = group.Where(upload => upload.Record?.State == ImageState.Ready && image.Builds.GetValueOrDefault(upload.Build)?.Record?.State == ImageState.Ready)
                .OrderByDescending(upload => upload.Record!.StateTime).ToArray();
            kept.UnionWith(ready.Take(Kept));
            var newest = ready.FirstOrDefault()?.Record!.StateTime ?? double.NegativeInfinity;
            kept.UnionWith(group.Where(upload => upload.Record?.State == ImageState.Failed && upload.Record.StateTime > newest)
                .OrderByDescending(upload => upload.Record!.StateTime).Take(KeptFailures));
            kept.UnionWith(group.Where(upload => upload.Record?.State == ImageState.Uploading
                && image.IsLocked(NodepoolPaths.UploadsLock(image.Name, upload.Build, upload.Provider))));
        }

        return kept;
    }

    /// <summary>Uploads of providers that this file does not know are somebody else's business.</summary>
    private static bool IsConfigured(NodepoolConfig config, UploadView upload) => config.FindProvider(upload.Provider) is not null;

    private static bool IsListed(NodepoolConfig config, string image, string provider) =>
        config.FindDiskImage(image) is not null && config.FindProvider(provider)?.DiskImages.Any(used => used.Name == image) == true;

    /// <summary>A launch that has begun still needs the image that it began with.</summary>
    private static bool IsBooting(ClusterView view, UploadView upload) => view.Nodes.Active
        .Where(pool => pool.Key.Provider == upload.Provider)
        .Any(pool => pool.Value.Any(id => view.Nodes.ById[id].Record is { State: NodeState.Building } node && node.ImageId == upload.Path));

    private static ValueList<BuildView> Sorted(IEnumerable<BuildView> builds) =>
        builds.OrderBy(build => build.Image, StringComparer.Ordinal).ThenBy(build => build.Id, StringComparer.Ordinal).ToValueList();
}
