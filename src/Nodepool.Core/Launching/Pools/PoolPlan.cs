using Nodepool.Core.Collections;

namespace Nodepool.Core.Launching.Pools;

/// <summary>What a pass over a pool wants done.</summary>
/// <param name="Requests">Steps for requests and idle nodes; independent of each other.</param>
/// <param name="Launch">Ids of nodes whose launch should be going on.</param>
/// <param name="Delete">Ids of nodes whose deletion should be going on.</param>
/// <param name="IsPaused">A request waits for room here: pools of lower priority may take others.</param>
/// <param name="IsUnsettled">The view was a moment behind a charge to a tenant: to be decided anew at once.</param>
public sealed record PoolPlan(ValueList<PoolAction> Requests, ValueList<string> Launch, ValueList<string> Delete, bool IsPaused, bool IsUnsettled = false);
