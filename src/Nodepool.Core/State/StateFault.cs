namespace Nodepool.Core.State;

/// <summary>What can go wrong in a store: a closed set.</summary>
public enum StateFault
{
    /// <summary>An entry that a write needs does not exist.</summary>
    NotFound,

    /// <summary>The entry to be created exists.</summary>
    Exists,

    /// <summary>The entry to be deleted has children.</summary>
    NotEmpty,

    /// <summary>The entry has another version: somebody changed it since it was read.</summary>
    VersionMismatch,

    /// <summary>An ephemeral entry cannot have children.</summary>
    NoChildrenAllowed,

    /// <summary>The session is over; open a new engine.</summary>
    SessionEnded,

    /// <summary>The store cannot be reached or is busy beyond its time limit; nothing was applied.</summary>
    Unavailable,

    /// <summary>The connection went away while a commit was under way: it may have been applied.</summary>
    OutcomeUnknown,

    /// <summary>The disk below the store is full; nothing was applied.</summary>
    NoSpace,

    /// <summary>The store may be read but not written.</summary>
    ReadOnly,

    /// <summary>The store's own data is damaged or of a newer format.</summary>
    Corrupt,
}
