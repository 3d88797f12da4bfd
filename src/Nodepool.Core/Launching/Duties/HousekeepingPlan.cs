using Nodepool.Core.Collections;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>What <see cref="HousekeepingPlanner"/> wants done.</summary>
/// <param name="Lost">Pending requests that nobody works on: to wait for a pool again, should the next look find them so as well.</param>
/// <param name="StaleLocks">Lock directories without a request: to be removed.</param>
/// <param name="Empty">Node entries without data: to be removed.</param>
public sealed record HousekeepingPlan(ValueList<RequestView> Lost, ValueList<RequestLockView> StaleLocks, ValueList<NodeView> Empty);
