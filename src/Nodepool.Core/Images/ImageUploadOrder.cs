using Nodepool.Core.Collections;

namespace Nodepool.Core.Images;

/// <summary>One upload of a build to a provider.</summary>
/// <param name="ImageName">Name of the diskimage.</param>
/// <param name="ExternalName">
/// Name that the image shall have at the provider. Unique for the upload unless the operator's <c>image-name-format</c> says otherwise: then what an
/// interrupted upload left is told from other images by <see cref="Metadata"/>.
/// </param>
/// <param name="Files">Format to absolute path: every format in the provider's <c>ImageFormats</c>.</param>
/// <param name="Metadata">Properties to store with the image.</param>
public sealed record ImageUploadOrder(string ImageName, string ExternalName, IReadOnlyDictionary<string, string> Files, ValueMap<string> Metadata)
{
    /// <summary>Format to the checksums of its file, which has them now; a driver compares them with what the cloud says that it got.</summary>
    public ValueMap<ImageChecksums> Checksums { get; init; } = ValueMap<ImageChecksums>.Empty;
}
