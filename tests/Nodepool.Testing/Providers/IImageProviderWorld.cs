using Nodepool.Core.Images;

namespace Nodepool.Testing.Providers;

/// <summary>A cloud that takes images of ours, as <see cref="ImageProviderContract"/> needs it.</summary>
public interface IImageProviderWorld : IProviderWorld
{
    /// <summary>An order to upload a real (small) image under that name.</summary>
    ImageUploadOrder NewUpload(string externalName);
}
