using Nodepool.Core.Config;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>One build to upload to one provider.</summary>
/// <param name="Build">Which build.</param>
/// <param name="Provider">Where to.</param>
/// <param name="Image">How the provider uses the image.</param>
/// <param name="Attempt">Number of the try, see <see cref="UploadHistory"/>.</param>
/// <param name="Settings">Fingerprint of the settings that it is tried with, see <see cref="UploadSettings"/>.</param>
public sealed record UploadOrder(BuildView Build, ProviderConfig Provider, ProviderDiskImageConfig Image, int Attempt, string Settings);
