namespace Nodepool.Core.State;

/// <summary>Changes that a watch delivers together.</summary>
/// <param name="Position">All commits up to this position are included in this and the earlier batches.</param>
/// <param name="IsResync">The batch holds all that exists below the watched root; everything else is gone.</param>
/// <param name="Changes">In commit order; parents come before their children. May be empty.</param>
public sealed record ChangeBatch(long Position, bool IsResync, IReadOnlyList<Change> Changes);
