namespace Nodepool.State.ZooKeeper.Client;

/// <summary>What a request asks for; the numbers of the protocol.</summary>
internal enum OpCode
{
    /// <summary>Makes a node, answers with its path.</summary>
    Create = 1,

    /// <summary>Removes a node without children.</summary>
    Delete = 2,

    /// <summary>Whether a node exists, and its stat.</summary>
    Exists = 3,

    /// <summary>Data and stat of a node.</summary>
    GetData = 4,

    /// <summary>Replaces the data of a node.</summary>
    SetData = 5,

    /// <summary>Names of the children of a node.</summary>
    GetChildren = 8,

    /// <summary>The server catches up with its leader.</summary>
    Sync = 9,

    /// <summary>Keeps the session alive.</summary>
    Ping = 11,

    /// <summary>Compares a version; only within <see cref="Multi"/>.</summary>
    Check = 13,

    /// <summary>Several writes, all or none.</summary>
    Multi = 14,

    /// <summary>Makes a node, answers with its path and stat.</summary>
    Create2 = 15,

    /// <summary>Makes a node that goes when its last child has gone.</summary>
    CreateContainer = 19,

    /// <summary>Makes a node that goes when it was not changed for a while.</summary>
    CreateTtl = 21,

    /// <summary>Several reads.</summary>
    MultiRead = 22,

    /// <summary>Sets watches again on a new connection.</summary>
    SetWatches2 = 105,

    /// <summary>Sets a persistent watch.</summary>
    AddWatch = 106,

    /// <summary>Ends the session.</summary>
    CloseSession = -11,

    /// <summary>In a list of results: this operation failed.</summary>
    Error = -1,
}
