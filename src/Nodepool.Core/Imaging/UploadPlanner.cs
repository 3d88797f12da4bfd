using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Decides which builds go to which providers now: of each image the newest ready build that was not withdrawn there, from the builder that has its
/// files. Providers that have no usable upload come first, then the newest builds. Pure.
/// </summary>
public static class UploadPlanner
{
    /// <summary>Decides.</summary>
    /// <param name="view">All records.</param>
    /// <param name="config">Providers and their images.</param>
    /// <param name="builderId">Who asks.</param>
    /// <param name="formatsHere">Formats in which the asking builder has complete files of a build.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static UploadPlan Plan(ClusterView view, NodepoolConfig config, string builderId, Func<BuildView, IEnumerable<string>> formatsHere, double unixNow)
    {
        var orders = new List<(UploadOrder Order, bool HasOther)>();
        var next = double.PositiveInfinity;
        foreach (var (provider, used) in Takers(config))
        {
            var image = view.Image(used.Name);
            if (Wanted(image, provider) is not { } build || build.Record!.BuilderId != builderId || !provider.ImageFormats.All(formatsHere(build).Contains))
            {
                continue;
            }

            var settings = UploadSettings.Fingerprint(provider, used);
            var history = UploadHistory.Of(image, build, provider.Name, settings);
            if (history.NotBefore <= unixNow)
            {
                orders.Add((new UploadOrder(build, provider, used, history.Attempt, settings), image.UsableUploads(provider.Name).Any()));
            }
            else
            {
                next = Math.Min(next, history.NotBefore);
            }
        }

        var sorted = orders.OrderBy(order => order.HasOther).ThenByDescending(order => order.Order.Build.Record!.StateTime).Select(order => order.Order);
        return new UploadPlan(sorted.ToValueList(), double.IsInfinity(next) ? null : next);
    }

    /// <summary>What a provider should have: the newest ready build that was not found bad there; null when there is none.</summary>
    public static BuildView? Newest(ImageView image, string provider)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.ReadyBuilds.FirstOrDefault(build => !build.Record!.Withdrawn.ContainsKey(provider));
    }

    private static IEnumerable<(ProviderConfig Provider, ProviderDiskImageConfig Image)> Takers(NodepoolConfig config) =>
        from provider in config.Providers
        where provider.ImageFormats.Count > 0
        from used in provider.DiskImages
        where !used.Pause
        select (provider, used);

    /// <summary>The build to upload; null when the provider has it, or somebody is at it: one that has lost its builder is declared failed first.</summary>
    private static BuildView? Wanted(ImageView image, ProviderConfig provider) =>
        Newest(image, provider.Name) is { } build
        && provider.ImageFormats.All(build.Record!.Formats.Contains) && !provider.ImageFormats.Any(build.Record.Removed.Contains)
        && !image.IsLocked(NodepoolPaths.UploadsLock(image.Name, build.Id, provider.Name))
        && !image.Uploads.Values.Any(upload => upload.Build == build.Id && upload.Provider == provider.Name && upload.Record?.State is ImageState.Ready or ImageState.Uploading)
            ? build : null;
}
