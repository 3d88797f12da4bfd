namespace Nodepool.State.ZooKeeper.Client;

/// <summary>How a node is made; the flags of the protocol.</summary>
internal enum CreateMode
{
    Persistent = 0,
    Ephemeral = 1,
    PersistentSequential = 2,
    EphemeralSequential = 3,

    /// <summary>Goes some time after its last child has gone.</summary>
    Container = 4,

    /// <summary>Goes when it was not changed for a while and has no children; the server must be told to allow it.</summary>
    PersistentTtl = 5,
    PersistentSequentialTtl = 6,
}
