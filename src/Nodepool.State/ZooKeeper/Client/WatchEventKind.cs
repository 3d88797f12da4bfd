namespace Nodepool.State.ZooKeeper.Client;

/// <summary>What happened; the numbers of the protocol.</summary>
internal enum WatchEventKind
{
    /// <summary>The state of the connection has changed; the client knows better.</summary>
    None = -1,
    Created = 1,
    Deleted = 2,
    DataChanged = 3,

    /// <summary>Not sent for recursive watches.</summary>
    ChildrenChanged = 4,
}
