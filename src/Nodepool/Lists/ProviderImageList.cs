using Nodepool.Core.View;
using Column = Nodepool.Lists.ListColumn<System.Linq.IGrouping<(string Image, string Build), Nodepool.Core.View.UploadView>>;

namespace Nodepool.Lists;

/// <summary>The first part of <c>nodepool info</c>: which builds are at a provider.</summary>
internal static class ProviderImageList
{
    private static readonly Column[] Columns =
    [
        Column.Of("Image Name", "image", build => ListCell.Of(build.Key.Image)),
        Column.Of("Build ID", "build_id", build => ListCell.Of(build.Key.Build)),
        Column.Of("Upload IDs", "upload_ids", build => ListCell.Of([.. build.Select(upload => upload.Id)])),
    ];

    /// <summary>The builds of which the provider has uploads, whatever their state, by image and build.</summary>
    public static ListTable Of(ClusterView view, string provider, double now) => ListTable.Of(
        Columns,
        view.Images.Values.SelectMany(image => image.Uploads.Values).Where(upload => upload.Provider == provider)
            .OrderBy(upload => upload.Path, StringComparer.Ordinal).GroupBy(upload => (upload.Image, upload.Build)),
        now);
}
