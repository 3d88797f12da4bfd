using Nodepool.Core.Model;
using Nodepool.Core.View;
using Column = Nodepool.Lists.ListColumn<Nodepool.Core.View.ImageView>;

namespace Nodepool.Lists;

/// <summary><c>nodepool image-status</c> and <c>/image-status</c>: what was ordered by command.</summary>
internal static class ImageStatusList
{
    private static readonly Column[] Columns =
    [
        Column.Of("Image", "image", image => ListCell.Of(image.Name)),
        Column.Of("Paused", "paused", image => ListCell.Of(image.IsPaused)),
        Column.Of("Build Request", "build_request", image => ListCell.Of(BuildRequest(image))),
        new("Build Request Age", "build_request_age", (image, now) => ListCell.Age(image.BuildRequestedMs / 1000.0, now)),
    ];

    /// <summary>All images about which something is stored, by name.</summary>
    public static ListTable Of(ClusterView view, double now) =>
        ListTable.Of(Columns, view.Images.Values.OrderBy(image => image.Name, StringComparer.Ordinal), now);

    private static string? BuildRequest(ImageView image) =>
        image.BuildRequestedMs is null ? null : image.IsLocked(NodepoolPaths.BuildsLock(image.Name)) ? "building" : "pending";
}
