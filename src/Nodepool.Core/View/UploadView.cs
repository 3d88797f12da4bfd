using Nodepool.Core.Model;

namespace Nodepool.Core.View;

/// <summary>An image upload as it was seen at one moment.</summary>
/// <param name="Image">Name of the diskimage.</param>
/// <param name="Build">Id of the build.</param>
/// <param name="Provider">Name of the provider.</param>
/// <param name="Id">Number of the upload; unique within build and provider only.</param>
/// <param name="Version">Version of the entry.</param>
/// <param name="Record">The record; null when it cannot be understood.</param>
public sealed record UploadView(string Image, string Build, string Provider, string Id, int Version, ImageUploadRecord? Record)
{
    /// <summary>Path of the record; what nodes store as their <c>image_id</c>.</summary>
    public string Path => NodepoolPaths.Upload(Image, Build, Provider, Id);
}
