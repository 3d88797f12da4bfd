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

    /// <summary>Deletes an image; not found is success.</summary>
    ValueTask DeleteImageAsync(string externalId, CancellationToken ct);
}
