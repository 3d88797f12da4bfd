using Nodepool.Core.Config;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>One build to upload to one provider.</summary>
/// <param name="Build">Which build.</param>
/// <param name="Provider">Where to.</param>
/// <param name="Image">How the provider uses the image.</param>
public sealed record UploadOrder(BuildView Build, ProviderConfig Provider, ProviderDiskImageConfig Image);
