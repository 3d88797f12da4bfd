namespace Nodepool.State.ZooKeeper.Client;

/// <summary>Bytes that are no message of the protocol. The connection that they came over cannot be used any further.</summary>
/// <param name="what">What is wrong with them.</param>
internal sealed class JuteException(string what) : IOException($"not the protocol of ZooKeeper: {what}");
