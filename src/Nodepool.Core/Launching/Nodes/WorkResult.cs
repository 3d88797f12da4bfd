namespace Nodepool.Core.Launching.Nodes;

/// <summary>How work on a node ended.</summary>
internal enum WorkResult
{
    /// <summary>Nothing more to do for now.</summary>
    Done,

    /// <summary>Somebody else holds the node, or the cloud is not ready: try again later.</summary>
    TryLater,
}
