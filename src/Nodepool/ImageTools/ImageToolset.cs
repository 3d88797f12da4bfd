using Nodepool.Core;
using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>The image tools that this program has.</summary>
internal static class ImageToolset
{
    /// <summary>All of them; <c>image-tool</c> of a diskimage chooses by name.</summary>
    public static IReadOnlyList<IImageTool> Create(Sources sources) =>
        [new DibTool(sources.Time), new MmdebstrapTool(sources.Time, new MmdebstrapSettings())];
}
