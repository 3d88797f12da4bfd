namespace Nodepool.Core.State;

/// <summary>How an entry is created.</summary>
[Flags]
public enum CreateModes
{
    /// <summary>Lives until it is deleted, under exactly the given name.</summary>
    Persistent = 0,

    /// <summary>
    /// The store appends ten decimal digits: the number of entries ever created below the parent, whatever their kind and
    /// whether they still exist (ZooKeeper's rule).
    /// </summary>
    Sequential = 1,

    /// <summary>Is deleted when the session that created it ends; cannot have children.</summary>
    Ephemeral = 2,
}
