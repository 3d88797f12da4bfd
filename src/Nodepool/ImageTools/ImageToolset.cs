using Nodepool.Core;
using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>What this program builds images with.</summary>
internal static class ImageToolset
{
    /// <summary>All tools.</summary>
    public static BuildTools Create(Sources sources) =>
        new([new DibTool(sources.Time), new MmdebstrapTool(sources.Time, new MmdebstrapSettings())], new DiskBuildLogs()) { Converter = new QemuConverter(sources.Time) };
}
