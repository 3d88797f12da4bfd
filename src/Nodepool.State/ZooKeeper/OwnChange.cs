using Nodepool.Core.State;

namespace Nodepool.State.ZooKeeper;

/// <summary>What a commit of our own made of an entry.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Entry">The entry; null when the answer does not tell all of it.</param>
/// <param name="Events">How many events the commit has caused for it.</param>
internal readonly record struct OwnChange(string Path, Entry? Entry, int Events);
