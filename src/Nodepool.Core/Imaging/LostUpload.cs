using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>An upload in progress that has lost its builder, and whose files are here.</summary>
/// <param name="Upload">The upload.</param>
/// <param name="Order">What it was to bring where.</param>
internal sealed record LostUpload(UploadView Upload, UploadOrder Order);
