using Nodepool.Core.Model;
using Nodepool.Core.View;
using Column = Nodepool.Lists.ListColumn<(Nodepool.Core.View.BuildView Build, bool IsPaused)>;

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
        Column.Of("State", "state", row => ListCell.Of(row.IsPaused ? "paused" : row.Build.Record!.State.Word())),
        new("Age", "age", (row, now) => ListCell.Age(row.Build.Record!.StateTime, now)),
        Column.Of("Failure", "failure", row => ListCell.Of(row.Build.Record!.Failure)),
    ];

    private const int PythonColumns = 6;

    /// <summary>All builds that can be understood, by image, newest first.</summary>
    public static ListTable Of(ClusterView view, double now) => ListTable.Of(
        Columns,
        view.Images.Values.SelectMany(image => image.Builds.Values, (image, build) => (build, image.IsPaused)).Where(row => row.build.Record is not null)
            .OrderBy(row => row.build.Image, StringComparer.Ordinal)
            .ThenByDescending(row => row.build.Record!.StateTime).ThenBy(row => row.build.Id, StringComparer.Ordinal),
        now) with
    { UsualColumns = PythonColumns };
}
