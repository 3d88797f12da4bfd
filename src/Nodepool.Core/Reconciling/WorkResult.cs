namespace Nodepool.Core.Reconciling;

/// <summary>How a piece of work ended.</summary>
internal enum WorkResult
{
    /// <summary>Nothing more to do for now.</summary>
    Done,

    /// <summary>Somebody else holds the item, or the cloud is not ready: try again later.</summary>
    TryLater,
}
