using Nodepool.Core.Collections;

namespace Nodepool.Core.Images;

/// <summary>One upload of a build to a provider.</summary>
/// <param name="ImageName">Name of the diskimage.</param>
/// <param name="ExternalName">Name that the image shall have at the provider; unique for the upload.</param>
/// <param name="Files">Format to absolute path: every format in the provider's <c>ImageFormats</c>.</param>
/// <param name="Metadata">Properties to store with the image.</param>
public sealed record ImageUploadOrder(string ImageName, string ExternalName, IReadOnlyDictionary<string, string> Files, ValueMap<string> Metadata);
