using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.Testing.ZooKeeper;

/// <summary>A node of the fake server.</summary>
/// <param name="Data">Its data.</param>
/// <param name="Stat">Its stat.</param>
/// <param name="Made">How many children were ever made below it.</param>
internal sealed record FakeNode(byte[] Data, NodeStat Stat, int Made);
