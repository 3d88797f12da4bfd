namespace Nodepool.Core.State;

/// <summary>What became of one entry.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Entry">The entry as it is now, or null when it was deleted.</param>
public readonly record struct Change(string Path, Entry? Entry);
