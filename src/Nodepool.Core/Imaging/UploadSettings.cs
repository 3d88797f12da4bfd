using System.Globalization;
using Nodepool.Core.Config;

namespace Nodepool.Core.Imaging;

/// <summary>What the configuration says about the uploads of an image to a provider, as a fingerprint that is stored with failures.</summary>
public static class UploadSettings
{
    /// <summary>Changes with everything that may let an upload succeed that failed before. Secrets are no part of it.</summary>
    public static string Fingerprint(ProviderConfig provider, ProviderDiskImageConfig image)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return StableHash.Of($"{provider.OpenPart()} {provider.PostUploadHook} {provider.UploadTimeout} {provider.ImageName} {image}").ToString("x16", CultureInfo.InvariantCulture);
    }
}
