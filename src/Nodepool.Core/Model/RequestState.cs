namespace Nodepool.Core.Model;

/// <summary>State of a node request. The wire words are in <see cref="Words"/>.</summary>
public enum RequestState
{
    /// <summary>Waits for a pool.</summary>
    Requested,

    /// <summary>A pool has accepted it; nodes are allocated to it.</summary>
    Pending,

    /// <summary>All nodes are ready and listed.</summary>
    Fulfilled,

    /// <summary>No registered pool can serve it.</summary>
    Failed,
}
