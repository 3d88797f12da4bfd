namespace Nodepool.Core.Config.Following;

/// <summary>What is known of the configuration at one moment.</summary>
/// <param name="Number">Counts what happened: versions in force, refusals, and corrections that changed nothing.</param>
/// <param name="Snapshot">What is in force.</param>
/// <param name="Failure">Why a newer version is not; null when the newest is in force.</param>
public sealed record ConfigNews(long Number, ConfigSnapshot Snapshot, ConfigFailure? Failure);
