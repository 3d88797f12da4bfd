using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Backing;

/// <summary>What <see cref="BackingPlanner"/> wants done. "Backing" are the bigger nodes, "placed" those that are slots of them.</summary>
public sealed record BackingPlan
{
    /// <summary>Waiting nodes that get a slot, each with its backing node.</summary>
    public ValueList<(NodeView Node, NodeView Backing, int Slot)> Place { get; init; } = [];

    /// <summary>Labels of ours to ask for a backing node for, one element per request.</summary>
    public ValueList<BackingWish> Ask { get; init; } = [];

    /// <summary>Fulfilled requests whose node becomes a backing node.</summary>
    public ValueList<(RequestView Request, NodeView Node, BackingRecord Backing)> Take { get; init; } = [];

    /// <summary>Requests of ours that have failed or that nobody needs: to be deleted.</summary>
    public ValueList<RequestView> Drop { get; init; } = [];

    /// <summary>Backing nodes on which a launch has failed: to be marked, so that they get no more.</summary>
    public ValueList<NodeView> Mark { get; init; } = [];

    /// <summary>Backing nodes that have been empty for long enough, or that end: to be given back.</summary>
    public ValueList<NodeView> GiveBack { get; init; } = [];

    /// <summary>Nodes that are backing nodes no more but still locked by us.</summary>
    public ValueList<NodeView> Unlock { get; init; } = [];

    /// <summary>Idle placed nodes whose backing node is gone.</summary>
    public ValueList<NodeView> Evict { get; init; } = [];

    /// <summary>When something is due although no record changes.</summary>
    public TimeSpan? Next { get; init; }
}
