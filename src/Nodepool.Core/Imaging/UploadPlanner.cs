using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Decides which builds go to which providers now: only the newest ready build, only from the
/// builder that has its files. Pure. Back-off as in <see cref="BuildPlanner"/>.
/// </summary>
public static class UploadPlanner
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>Decides.</summary>
    /// <param name="view">All records.</param>
    /// <param name="config">Providers and their images.</param>
    /// <param name="builderId">Who asks.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static UploadPlan Plan(ClusterView view, NodepoolConfig config, string builderId, double unixNow)
    {
        var orders = new List<UploadOrder>();
        var next = double.PositiveInfinity;
        foreach (var provider in config.Providers.Where(provider => provider.ImageFormats.Count > 0))
        {
            foreach (var used in provider.DiskImages.Where(used => !used.Pause))
            {
                var image = view.Image(used.Name);
                if (Newest(image, builderId, provider) is not { } build)
                {
                    continue;
                }

                var due = Due(image, build, provider);
                if (due <= unixNow)
                {
                    orders.Add(new UploadOrder(build, provider, used));
                }
                else
                {
                    next = Math.Min(next, due);
                }
            }
        }

        return new UploadPlan(orders.ToValueList(), double.IsInfinity(next) ? null : next);
    }

    private static BuildView? Newest(ImageView image, string builderId, ProviderConfig provider) =>
        image.ReadyBuilds.FirstOrDefault() is { } build
        && build.Record!.BuilderId == builderId
        && provider.ImageFormats.All(build.Record.Formats.Contains)
        && !image.IsLocked(NodepoolPaths.UploadsLock(image.Name, build.Id, provider.Name))
        && !UploadsOf(image, build, provider).Any(upload => upload.Record?.State == ImageState.Ready)
            ? build : null;

    private static double Due(ImageView image, BuildView build, ProviderConfig provider)
    {
        var failures = UploadsOf(image, build, provider).Where(upload => upload.Record?.State == ImageState.Failed).Select(upload => upload.Record!.StateTime).Order().ToArray();
        return failures.Length == 0 ? 0 : failures[^1] + Backoff.Delay(failures.Length, FirstDelay, LongestDelay, 0.5).TotalSeconds;
    }

    private static IEnumerable<UploadView> UploadsOf(ImageView image, BuildView build, ProviderConfig provider) =>
        image.Uploads.Values.Where(upload => upload.Build == build.Id && upload.Provider == provider.Name);
}
