namespace Nodepool.Core.Config.Following;

/// <summary>A configuration in force.</summary>
/// <param name="Revision">1 for the first of a process, one more for each that replaced it.</param>
/// <param name="Config">The configuration.</param>
public sealed record ConfigSnapshot(long Revision, NodepoolConfig Config)
{
    /// <summary>Fingerprint of the newest main file that means this configuration; empty when it came from no file.</summary>
    public string Digest { get; init; } = "";
}
