using Nodepool.Core.Config;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.View;
using Nodepool.Lists;
using Column = Nodepool.Lists.ListColumn<Nodepool.Core.View.ImageView>;

namespace Nodepool.Status;

/// <summary>Images: what new nodes boot from, and why it is not newer.</summary>
internal static class ImageSection
{
    private static readonly Column[] Columns =
    [
        Column.Of("Image", "image", image => ListCell.Of(image.Name)),
        Column.Of("Paused", "paused", image => ListCell.Of(image.IsPaused)),
        Column.Of("Newest Build", "build", image => ListCell.Of(image.ReadyBuilds.FirstOrDefault()?.Id)),
        new("Build Age", "build_age", (image, now) => ListCell.Age(image.ReadyBuilds.FirstOrDefault()?.Record!.StateTime, now)),
        Column.Of("Ready At", "ready_at", image => ListCell.Of(
            [.. image.Uploads.Values.Where(upload => upload.Record?.State == ImageState.Ready).Select(upload => upload.Provider).Distinct().Order(StringComparer.Ordinal)])),
        new("Now", "now", (image, now) => ListCell.Of(Doing(image, now))),
        Column.Of("Last Failure", "last_failure", image => ListCell.Of(ImageProgress.LastFailure(image))),
    ];

    public static ListTable Of(ClusterView view, NodepoolConfig config, double now) => ListTable.Of(
        Columns,
        config.DiskImages.Where(image => !image.IsAbstract).Select(image => image.Name).Union(view.Images.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal).Select(view.Image),
        now);

    private static string? Doing(ImageView image, double now) =>
        image.Builds.Values.FirstOrDefault(build => build.Record?.State == ImageState.Building) is { } running
            ? image.IsLost(running) ? $"build {running.Id}: {ImageBuildList.LostBuild}"
            : BuildEstimate.Of(image, running.Record!.Run).Text(now) is { Length: > 0 } progress ? $"building: {progress}" : "building"
        : image.Uploads.Values.Any(upload => upload.Record?.State == ImageState.Uploading) ? "uploading"
        : image.BuildRequestedMs is not null ? "build requested"
        : null;
}
