namespace Nodepool.State.Sqlite;

/// <summary>How a store's file is opened.</summary>
internal enum DatabaseAccess
{
    /// <summary>For reading and writing.</summary>
    ReadWrite,

    /// <summary>For reading, beside processes that write.</summary>
    ReadOnly,

    /// <summary>For reading on a medium on which nothing can change: not even the files that readers share can be made there.</summary>
    Immutable,
}
