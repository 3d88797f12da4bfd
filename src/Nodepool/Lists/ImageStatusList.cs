using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Column = Nodepool.Lists.ListColumn<Nodepool.Core.View.ImageView>;

namespace Nodepool.Lists;

/// <summary><c>nodepool image-status</c> and <c>/image-status</c>: what was ordered by command, and what keeps images from being newer.</summary>
internal static class ImageStatusList
{
    private static readonly Column[] Columns =
    [
        Column.Of("Image", "image", image => ListCell.Of(image.Name)),
        Column.Of("Paused", "paused", image => ListCell.Of(image.IsPaused)),
        Column.Of("Build Request", "build_request", image => ListCell.Of(BuildRequest(image))),
        new("Build Request Age", "build_request_age", (image, now) => ListCell.Age(image.BuildRequestedMs / 1000.0, now)),
        new("Building", "building", (image, now) => Running(image) is { } build ? ListCell.Moment(Progress(image, build, now), build.Record!.Run?.Started) : ListCell.Moment(null, null)),
        Column.Of("Failed Builds", "failed_builds", image => ListCell.Of(BuildBackoff.Of(image, null).Failures)),
        new("Next Build", "next_build", NextBuild),
        Column.Of("Last Failure", "last_failure", image => ListCell.Of(LastFailure(image))),
        new("Uploads", "uploads", (image, now) => ListCell.Of(UploadNotes.Of(image, now))),
    ];

    private const int PythonColumns = 4;

    /// <summary>All images about which something is stored, by name.</summary>
    public static ListTable Of(ClusterView view, double now) =>
        ListTable.Of(Columns, view.Images.Values.OrderBy(image => image.Name, StringComparer.Ordinal), now) with { UsualColumns = PythonColumns };

    private static string? BuildRequest(ImageView image) =>
        image.BuildRequestedMs is null ? null : image.IsLocked(NodepoolPaths.BuildsLock(image.Name)) ? "building" : "pending";

    private static BuildView? Running(ImageView image) => image.Builds.Values.FirstOrDefault(build => build.Record?.State == ImageState.Building);

    private static string Progress(ImageView image, BuildView build, double now) =>
        image.IsLost(build) ? ImageBuildList.LostBuild : BuildEstimate.Of(image, build.Record!.Run).Text(now);

    /// <summary>When the wait after failures is over; empty when nothing is waited for.</summary>
    private static ListCell NextBuild(ImageView image, double now) => BuildBackoff.Of(image, null) is { Until: > 0 and var until }
        ? ListCell.Moment(until > now ? "in " + ListCell.Age(now, until).Text : "due", until)
        : ListCell.Moment(null, null);

    /// <summary>Why the newest build failed; null when it did not.</summary>
    private static string? LastFailure(ImageView image) =>
        image.Builds.Values.Where(build => build.Record?.State is ImageState.Ready or ImageState.Failed).MaxBy(build => build.Record!.StateTime)?.Record is { State: ImageState.Failed } failed
            ? failed.Run?.FailedIn is { } part ? $"{part}: {failed.Failure}" : failed.Failure
            : null;
}
