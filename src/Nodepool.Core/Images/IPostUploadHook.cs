namespace Nodepool.Core.Images;

/// <summary>Runs the programs by which operators look at an image before the first node boots from it.</summary>
public interface IPostUploadHook
{
    /// <summary>Runs one; cancellation ends it with all its processes.</summary>
    /// <exception cref="PostUploadException">The program refuses the image, or cannot be run.</exception>
    Task RunAsync(PostUploadOrder order, CancellationToken ct);
}
