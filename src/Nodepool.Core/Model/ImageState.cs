namespace Nodepool.Core.Model;

/// <summary>State of an image build or an image upload. The wire words are in <see cref="Words"/>.</summary>
public enum ImageState
{
    /// <summary>A builder runs the image tool (builds only).</summary>
    Building,

    /// <summary>A builder sends the files (uploads only).</summary>
    Uploading,

    /// <summary>Usable.</summary>
    Ready,

    /// <summary>Did not work out; kept until a newer one is ready.</summary>
    Failed,

    /// <summary>Being deleted.</summary>
    Deleting,
}
