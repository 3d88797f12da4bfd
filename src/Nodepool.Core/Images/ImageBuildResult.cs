namespace Nodepool.Core.Images;

/// <summary>A finished build.</summary>
/// <param name="Files">Format to absolute path of its file.</param>
public sealed record ImageBuildResult(IReadOnlyDictionary<string, string> Files)
{
    /// <summary>What the build took of the disk at most while it ran, in bytes; null when the tool does not know.</summary>
    public long? DiskBytes { get; init; }
}
