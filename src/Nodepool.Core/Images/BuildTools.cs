namespace Nodepool.Core.Images;

/// <summary>What images are built with.</summary>
/// <param name="ImageTools">The tools; <c>image-tool</c> of a diskimage chooses by name.</param>
/// <param name="Logs">Where their output goes.</param>
public sealed record BuildTools(IReadOnlyList<IImageTool> ImageTools, IBuildLogs Logs)
{
    /// <summary>Makes formats that are missing; null when nothing can: then a build that lacks one is built again.</summary>
    public IImageConverter? Converter { get; init; }
}
