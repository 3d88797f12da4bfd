using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Column = Nodepool.Lists.ListColumn<(Nodepool.Core.View.BuildView Build, Nodepool.Core.View.ImageView Image)>;

namespace Nodepool.Lists;

/// <summary><c>nodepool dib-image-list</c> and <c>/dib-image-list</c>: the builds.</summary>
internal static class ImageBuildList
{
    private static readonly Column[] Columns =
    [
        Column.Of("ID", "id", row => ListCell.Of($"{row.Build.Image}-{row.Build.Id}")),
        Column.Of("Image", "image", row => ListCell.Of(row.Build.Image)),
        Column.Of("Builder", "builder", row => ListCell.Of(row.Build.Record!.Builder)),
        Column.Of("Formats", "formats", row => ListCell.Of(row.Build.Record!.Formats)),
        Column.Of("State", "state", row => ListCell.Of(row.Image.IsPaused ? "paused" : row.Build.Record!.State.Word())),
        new("Age", "age", (row, now) => ListCell.Age(row.Build.Record!.StateTime, now)),
        Column.Of("Failure", "failure", row => ListCell.Of(row.Build.Record!.Failure)),
        Column.Of("Failed In", "failed_in", row => ListCell.Of(row.Build.Record!.Run?.FailedIn)),
        Column.Of("Phase", "phase", row => ListCell.Of(IsRunning(row) ? row.Build.Record!.Run?.LastPhase : null)),
        new("Progress", "expected_end", (row, now) => IsRunning(row) ? Progress(BuildEstimate.Of(row.Image, row.Build.Record!.Run), now) : row.Image.IsLost(row.Build) ? ListCell.Moment(LostBuild, null) : ListCell.Moment(null, null)),
        Column.Of("Last Line", "last_lines", row => ListCell.Lines(row.Build.Record!.Run?.LastLines)),
    ];

    private const int PythonColumns = 6;

    /// <summary>What is said of a build in progress that nobody is at.</summary>
    public const string LostBuild = "its builder has ended";

    /// <summary>All builds that can be understood, by image, newest first.</summary>
    public static ListTable Of(ClusterView view, double now) => ListTable.Of(
        Columns,
        view.Images.Values.SelectMany(image => image.Builds.Values, (image, build) => (build, image)).Where(row => row.build.Record is not null)
            .OrderBy(row => row.build.Image, StringComparer.Ordinal)
            .ThenByDescending(row => row.build.Record!.StateTime).ThenBy(row => row.build.Id, StringComparer.Ordinal),
        now) with
    { UsualColumns = PythonColumns };

    private static bool IsRunning((BuildView Build, ImageView Image) row) => row.Build.Record!.State == ImageState.Building && !row.Image.IsLost(row.Build);

    private static ListCell Progress(BuildEstimate estimate, double now) => ListCell.Moment((estimate with { Phase = null }).Text(now), estimate.ExpectedEnd);
}
