namespace Nodepool.Core.Operations;

/// <summary>The job that a node was used for.</summary>
/// <param name="Name">Its exact name.</param>
/// <param name="HasFailed">It did not succeed.</param>
public sealed record EndedJob(string Name, bool HasFailed);
