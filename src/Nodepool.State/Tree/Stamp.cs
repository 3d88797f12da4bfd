namespace Nodepool.State.Tree;

/// <summary>What the engine says of a commit.</summary>
/// <param name="Position">The store's position after it.</param>
/// <param name="UnixMs">The store's clock.</param>
/// <param name="Session">The session that makes it: the owner of its ephemerals.</param>
internal readonly record struct Stamp(long Position, long UnixMs, long Session);
