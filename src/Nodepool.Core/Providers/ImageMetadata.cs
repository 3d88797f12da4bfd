namespace Nodepool.Core.Providers;

/// <summary>Metadata keys on uploaded images, as the Python builders write them.</summary>
public static class ImageMetadata
{
    /// <summary>Id of the build.</summary>
    public const string BuildId = "nodepool_build_id";

    /// <summary>Number of the upload within build and provider.</summary>
    public const string UploadId = "nodepool_upload_id";
}
