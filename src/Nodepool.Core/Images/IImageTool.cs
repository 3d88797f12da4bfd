namespace Nodepool.Core.Images;

/// <summary>A program that makes disk images.</summary>
public interface IImageTool
{
    /// <summary>The word after <c>image-tool:</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Builds one image. Cancellation ends every process of the build and removes its half-written files.
    /// </summary>
    /// <exception cref="ImageBuildException">The build failed; its files are removed, its log stays.</exception>
    Task<ImageBuildResult> BuildAsync(ImageBuildOrder order, IProgress<string> phase, CancellationToken ct);
}
