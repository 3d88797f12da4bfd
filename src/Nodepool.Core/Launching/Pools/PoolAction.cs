using Nodepool.Core.Collections;
using Nodepool.Core.Explaining;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>One step of a <see cref="PoolPlan"/>; carried out as one commit that fails if what it was decided on has changed.</summary>
public abstract record PoolAction
{
    /// <summary>
    /// Gives idle nodes to a request and orders the others: the request becomes pending, or fulfilled when nothing is left to launch.
    /// Also tops up a pending request that lost nodes to the cloud's quota.
    /// </summary>
    /// <param name="Request">The request.</param>
    /// <param name="Reused">Idle nodes that it gets.</param>
    /// <param name="Launches">Labels to launch, one element per node.</param>
    /// <param name="Charged">The tenant that the nodes are charged to; null when nobody limits it.</param>
    /// <param name="Zone">Availability zone to launch in; null leaves it to the cloud.</param>
    public sealed record Assign(RequestView Request, ValueList<NodeView> Reused, ValueList<string> Launches, string? Charged = null, string? Zone = null) : PoolAction;

    /// <summary>All nodes are ready: the request is fulfilled.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Nodes">Its nodes in the order of its labels.</param>
    public sealed record Fulfil(RequestView Request, ValueList<NodeView> Nodes) : PoolAction;

    /// <summary>This pool cannot serve the request; its nodes here, if it has any, are free for others at once.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Nodes">Nodes that are allocated to it.</param>
    /// <param name="IsFinal">Every registered pool has refused: the request fails.</param>
    /// <param name="Code">Why, for programs.</param>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Decline(RequestView Request, ValueList<NodeView> Nodes, bool IsFinal, VerdictCode Code, string Reason) : PoolAction;

    /// <summary>
    /// The cloud had no quota for these nodes, or there is no room for the others, or their zone cannot launch one of them and there is another zone, or launches here are
    /// unlikely to end: they leave the request and it gets others later. A request that has no node left waits for any pool again.
    /// </summary>
    /// <param name="Request">The request.</param>
    /// <param name="Aborted">Nodes that leave it.</param>
    /// <param name="Remaining">Nodes that it keeps.</param>
    /// <param name="FailedZone">The zone in which no node of it is to be launched again; null when that is not why.</param>
    /// <param name="IsHandedOver">Launches here are unlikely to end: others come first.</param>
    public sealed record Regroup(RequestView Request, ValueList<NodeView> Aborted, int Remaining, string? FailedZone = null, bool IsHandedOver = false) : PoolAction;

    /// <summary>The client withdrew its request: the node is idle.</summary>
    /// <param name="Node">A ready node.</param>
    public sealed record Release(NodeView Node) : PoolAction;

    /// <summary>An idle node goes to make room for a waiting request.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="Request">The request that needs the room.</param>
    public sealed record Evict(NodeView Node, RequestView Request) : PoolAction;

    /// <summary>An idle node goes because the pool no longer has its label: nobody would ever get it.</summary>
    /// <param name="Node">The node.</param>
    public sealed record Retire(NodeView Node) : PoolAction;
}
