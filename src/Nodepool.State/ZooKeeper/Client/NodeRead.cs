namespace Nodepool.State.ZooKeeper.Client;

/// <summary>What was read of one node.</summary>
/// <param name="Exists">Whether there is such a node; if not, nothing else is told.</param>
/// <param name="Data">Its data.</param>
/// <param name="Stat">Its stat.</param>
/// <param name="Children">Names of its children, in no order, when they were asked for.</param>
internal readonly record struct NodeRead(bool Exists, byte[] Data, NodeStat Stat, string[] Children);
