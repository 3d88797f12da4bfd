using Nodepool.Core.Model;

namespace Nodepool.Core.View;

/// <summary>A request record as it was seen at one moment.</summary>
/// <param name="Id">Its id, <c>priority-sequence</c>.</param>
/// <param name="Version">Version of the entry.</param>
/// <param name="Record">The record; null when the entry is empty or cannot be understood (then it is left alone).</param>
public sealed record RequestView(string Id, int Version, NodeRequestRecord? Record)
{
    /// <summary>A pool may accept it or has accepted it.</summary>
    public bool IsOpen => Record?.State is RequestState.Requested or RequestState.Pending;
}
