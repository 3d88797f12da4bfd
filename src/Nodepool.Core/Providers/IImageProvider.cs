using Nodepool.Core.Images;

namespace Nodepool.Core.Providers;

/// <summary>Optional power of an <see cref="IProvider"/>: it takes images of ours.</summary>
public interface IImageProvider
{
    /// <summary>
    /// Makes a build usable here. An interrupted upload leaves nothing that a later call with the same
    /// <see cref="ImageUploadOrder.ExternalName"/> would trip over.
    /// </summary>
    /// <returns>The provider's id of the image.</returns>
    ValueTask<string> UploadImageAsync(ImageUploadOrder order, IProgress<double> progress, CancellationToken ct);

    /// <summary>
    /// Looks what an upload by the same order has left here whose process ended: an image that is whole, with the content that the order's checksums tell, is
    /// kept; of anything else nothing is left. Call it only when nobody can be at that upload any more.
    /// </summary>
    /// <returns>The provider's id of the whole image; null when it has to be sent again.</returns>
    ValueTask<string?> RecoverImageAsync(ImageUploadOrder order, CancellationToken ct);

    /// <summary>Deletes an image; not found is success.</summary>
    ValueTask DeleteImageAsync(string externalId, CancellationToken ct);
}
