using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// Who waits for some room (that of a pool, that of a tenant) during one pass, and whom that holds up. A request lets smaller ones of its priority go
/// ahead until its patience ends; those of later priorities never.
/// </summary>
internal sealed class WaitingLine
{
    private RequestView? _first;
    private RequestView? _strict;

    /// <summary>Nodes that those who wait are to get.</summary>
    public int Nodes { get; private set; }

    /// <summary>The request that this one must not go ahead of; null when there is none.</summary>
    public RequestView? HolderUp(RequestView request) => _strict ?? (_first is not null && !RequestOrder.HaveSamePriority(_first, request) ? _first : null);

    /// <summary>A request waits from here on.</summary>
    /// <param name="request">It.</param>
    /// <param name="nodes">How many nodes it lacks.</param>
    /// <param name="isStrict">Nobody goes ahead of it.</param>
    public void Add(RequestView request, int nodes, bool isStrict)
    {
        _first ??= request;
        _strict ??= isStrict ? request : null;
        Nodes += nodes;
    }
}
