using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Core.Imaging;

/// <summary>Which formats a diskimage is needed in.</summary>
public static class ImageFormats
{
    /// <summary>The image's own formats and those of every provider that lists it, sorted.</summary>
    public static ValueList<string> Wanted(NodepoolConfig config, DiskImageConfig image) => config.Providers
        .Where(provider => provider.DiskImages.Any(used => used.Name == image.Name))
        .SelectMany(provider => provider.ImageFormats)
        .Concat(image.Formats)
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList();
}
