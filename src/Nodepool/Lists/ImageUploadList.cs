using Nodepool.Core.Model;
using Nodepool.Core.View;
using Column = Nodepool.Lists.ListColumn<Nodepool.Core.View.UploadView>;

namespace Nodepool.Lists;

/// <summary><c>nodepool image-list</c> and <c>/image-list</c>: the uploads.</summary>
internal static class ImageUploadList
{
    private static readonly Column[] Columns =
    [
        Column.Of("Build ID", "id", upload => ListCell.Of(upload.Build)),
        Column.Of("Upload ID", "upload_id", upload => ListCell.Of(upload.Id)),
        Column.Of("Provider", "provider", upload => ListCell.Of(upload.Provider)),
        Column.Of("Image", "image", upload => ListCell.Of(upload.Image)),
        Column.Of("Provider Image Name", "external_name", upload => ListCell.Of(upload.Record!.ExternalName)),
        Column.Of("Provider Image ID", "external_id", upload => ListCell.Of(upload.Record!.ExternalId)),
        Column.Of("State", "state", upload => ListCell.Of(upload.Record!.State.Word())),
        new("Age", "age", (upload, now) => ListCell.Age(upload.Record!.StateTime, now)),
        Column.Of("Format", "format", upload => ListCell.Of(upload.Record!.Format)),
        Column.Of("Progress", "progress", upload => upload.Record!.Progress is { } share ? ListCell.Of($"{share:P0}") : ListCell.Of((string?)null)),
        Column.Of("Try", "attempt", upload => ListCell.Of(upload.Record!.Attempt)),
        Column.Of("Failure", "failure", upload => ListCell.Of(upload.Record!.Failure)),
    ];

    private const int PythonColumns = 8;

    /// <summary>All uploads that can be understood, by image and provider, newest first.</summary>
    public static ListTable Of(ClusterView view, double now) => ListTable.Of(
        Columns,
        view.Images.Values.SelectMany(image => image.Uploads.Values).Where(upload => upload.Record is not null)
            .OrderBy(upload => upload.Image, StringComparer.Ordinal).ThenBy(upload => upload.Provider, StringComparer.Ordinal)
            .ThenByDescending(upload => upload.Record!.StateTime).ThenBy(upload => upload.Path, StringComparer.Ordinal),
        now) with
    { UsualColumns = PythonColumns };
}
