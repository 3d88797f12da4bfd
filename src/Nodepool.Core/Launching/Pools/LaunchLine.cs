using Nodepool.Core.Collections;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// Who waits to launch in a pool during one pass: for its room, or for the governor's lane of one label. Room is what all want; a lane keeps up only those who want the
/// same label.
/// </summary>
internal sealed class LaunchLine
{
    private readonly WaitingLine _room = new();
    private readonly Dictionary<string, WaitingLine> _lanes = new(StringComparer.Ordinal);

    /// <summary>Nodes that those who wait for room are to get.</summary>
    public int Nodes => _room.Nodes;

    /// <summary>The request that this one must not go ahead of; null when there is none.</summary>
    /// <param name="request">It.</param>
    /// <param name="launches">Labels of the nodes that it wants launched.</param>
    public RequestView? HolderUp(RequestView request, ValueList<string> launches) =>
        _room.HolderUp(request) ?? (LaneOf(request, launches) is { } lane ? _lanes[lane].HolderUp(request) : null);

    /// <summary>The label in whose lane somebody waits whom this request must not go ahead of; null when there is none.</summary>
    /// <param name="request">It.</param>
    /// <param name="launches">Labels of the nodes that it wants launched.</param>
    public string? LaneOf(RequestView request, ValueList<string> launches) =>
        _lanes.Count == 0 ? null : launches.FirstOrDefault(label => _lanes.GetValueOrDefault(label)?.HolderUp(request) is not null);

    /// <summary>Nobody waits for room before this request whom it must not go ahead of.</summary>
    public bool IsFirstForRoom(RequestView request) => _room.HolderUp(request) is null;

    /// <summary>A request waits for room from here on.</summary>
    /// <param name="request">It.</param>
    /// <param name="nodes">How many nodes it lacks.</param>
    /// <param name="isStrict">Nobody goes ahead of it.</param>
    public void WaitForRoom(RequestView request, int nodes, bool isStrict) => _room.Add(request, nodes, isStrict);

    /// <summary>A request waits for launches of a label to end: they do, so nobody goes ahead of it there.</summary>
    /// <param name="request">It.</param>
    /// <param name="label">The label.</param>
    /// <param name="nodes">How many nodes it lacks.</param>
    public void WaitForLane(RequestView request, string label, int nodes)
    {
        if (!_lanes.TryGetValue(label, out var lane))
        {
            _lanes[label] = lane = new WaitingLine();
        }

        lane.Add(request, nodes, isStrict: true);
    }
}
