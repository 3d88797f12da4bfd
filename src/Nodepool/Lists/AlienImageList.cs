using Nodepool.Core.Operations;
using Nodepool.Core.Providers;
using Column = Nodepool.Lists.ListColumn<Nodepool.Lists.AlienRow>;

namespace Nodepool.Lists;

/// <summary><c>nodepool alien-image-list</c>.</summary>
internal static class AlienImageList
{
    /// <summary>Python's columns.</summary>
    private const int BriefColumns = 3;

    private static readonly Column[] Columns =
    [
        Column.Of("Provider", "provider", alien => ListCell.Of(alien.Provider)),
        Column.Of("Name", "name", alien => ListCell.Of(alien.Resource.Name)),
        Column.Of("Image ID", "image_id", alien => ListCell.Of(alien.Resource.ExternalId)),
        Column.Of("Build ID", "build_id", alien => Metadata(alien, ImageMetadata.BuildId)),
        Column.Of("Upload ID", "upload_id", alien => Metadata(alien, ImageMetadata.UploadId)),
        Column.Of("Made For", "made_for", alien => ListCell.Of(Aliens.MadeFor(alien.Resource))),
    ];

    public static ListTable Of(IEnumerable<AlienRow> images, double now) => ListTable.Of(Columns, images, now) with { UsualColumns = BriefColumns };

    private static ListCell Metadata(AlienRow alien, string key) => ListCell.Of(alien.Resource.Metadata.GetValueOrDefault(key));
}
