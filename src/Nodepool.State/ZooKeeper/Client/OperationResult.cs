namespace Nodepool.State.ZooKeeper.Client;

/// <summary>What became of one write.</summary>
/// <param name="Error">Why it failed; <see cref="ErrorCode.RuntimeInconsistency"/> when an earlier one of its multi did.</param>
/// <param name="Path">The path of a new node, with its number.</param>
/// <param name="Stat">The node's stat, where the protocol tells it.</param>
internal readonly record struct OperationResult(ErrorCode Error, string? Path = null, NodeStat? Stat = null);
