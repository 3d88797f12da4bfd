namespace Nodepool.Core.Reconciling;

/// <summary>How a piece of work ended.</summary>
internal enum WorkResult
{
    /// <summary>Nothing more to do for now.</summary>
    Done,

    /// <summary>Somebody else holds the item, or the cloud is not ready: try again later, and later each time.</summary>
    TryLater,

    /// <summary>Somebody else was quicker, and the view will tell when the item is free: no failure, only a moment to let the view come.</summary>
    Taken,
}
