using Nodepool.Core.Model;

namespace Nodepool.Core.Images;

/// <summary>
/// Records of finished builds, on disk beside their files: a builder that ends before it has stored the record finds the build again.
/// </summary>
public interface IKeptBuilds
{
    /// <summary>Keeps the record of a build whose files are whole. It is kept wholly or not at all, whatever becomes of the builder meanwhile.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    ValueTask KeepAsync(string image, string build, ImageBuildRecord record, CancellationToken ct);

    /// <summary>The record that was kept; null when there is none, or a file of a format that it names is missing.</summary>
    ImageBuildRecord? Find(string image, string build);
}
