using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Standing;

/// <summary>What <see cref="StandingPlanner"/> wants done.</summary>
/// <param name="Vacant">Slots that lack a node: one is registered once the machine was found well.</param>
/// <param name="Describe">Idle nodes whose record is not as the configuration has it, and what it should be.</param>
/// <param name="Retire">Idle nodes that the configuration no longer has a slot for.</param>
/// <param name="Idle">Machines with idle nodes of ours, to be looked at from time to time.</param>
public sealed record StandingPlan(
    ValueList<StandingSlot> Vacant, ValueList<(NodeView Node, NodeRecord Record)> Describe, ValueList<NodeView> Retire, ValueMap<ValueList<NodeView>> Idle);
