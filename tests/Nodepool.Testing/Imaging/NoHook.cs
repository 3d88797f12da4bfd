using Nodepool.Core.Images;

namespace Nodepool.Testing.Imaging;

/// <summary>For builders whose providers have no hook.</summary>
public sealed class NoHook : IPostUploadHook
{
    /// <inheritdoc/>
    public Task RunAsync(PostUploadOrder order, CancellationToken ct) => throw new InvalidOperationException($"nobody has configured {order.Program}");
}
