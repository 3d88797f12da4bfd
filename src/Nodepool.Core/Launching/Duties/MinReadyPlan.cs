using Nodepool.Core.Collections;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>What <see cref="MinReadyPlanner"/> wants done.</summary>
/// <param name="Create">Nodes to ask for, one request each.</param>
/// <param name="Finish">Requests of ours that are fulfilled, failed or no longer needed: their nodes are released and they are deleted.</param>
/// <param name="Release">Requests of ours that wait for a provider that cannot serve them now: others, which any may serve, take their place.</param>
/// <param name="Retire">Idle nodes that are outdated and can be spared.</param>
public sealed record MinReadyPlan(ValueList<ReadyWish> Create, ValueList<RequestView> Finish, ValueList<RequestView> Release, ValueList<NodeView> Retire);
