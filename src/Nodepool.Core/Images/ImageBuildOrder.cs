using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Core.Images;

/// <summary>One image build.</summary>
/// <param name="Image">What to build.</param>
/// <param name="Formats">Formats to produce, sorted: <c>qcow2</c>, <c>raw</c>, <c>tar</c>, …</param>
/// <param name="OutputPath">Absolute path without extension; files become <c>OutputPath.FORMAT</c> with <c>.md5</c> and <c>.sha256</c> beside each.</param>
/// <param name="LogPath">Absolute path of the build log; the tool appends all output of its processes.</param>
/// <param name="ElementsDir">Search path of diskimage-builder elements, or null.</param>
public sealed record ImageBuildOrder(DiskImageConfig Image, ValueList<string> Formats, string OutputPath, string LogPath, string? ElementsDir)
{
    /// <summary>What the build will take of the disk at most, in bytes, judged by an earlier one of the image; null when there was none.</summary>
    public long? ExpectedBytes { get; init; }
}
