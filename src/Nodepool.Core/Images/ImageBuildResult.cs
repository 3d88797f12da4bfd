namespace Nodepool.Core.Images;

/// <summary>A finished build.</summary>
/// <param name="Files">Format to absolute path of its file.</param>
public sealed record ImageBuildResult(IReadOnlyDictionary<string, string> Files);
