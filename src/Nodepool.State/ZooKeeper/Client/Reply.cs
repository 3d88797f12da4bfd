namespace Nodepool.State.ZooKeeper.Client;

/// <summary>An answer.</summary>
/// <param name="Value">What was asked for.</param>
/// <param name="Zxid">
/// For a write, its transaction. For a read, the newest transaction of the server when it answered: the events of all transactions up to
/// it have been delivered before.
/// </param>
internal readonly record struct Reply<T>(T Value, long Zxid);
