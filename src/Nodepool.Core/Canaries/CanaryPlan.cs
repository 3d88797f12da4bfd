using Nodepool.Core.Collections;

namespace Nodepool.Core.Canaries;

/// <summary>What <see cref="CanaryPlanner"/> wants changed.</summary>
/// <param name="Steps">Changes, by image, provider and label.</param>
/// <param name="NextDue">When a trial ends without anything changing, Unix seconds; null when none does.</param>
public sealed record CanaryPlan(ValueList<CanaryStep> Steps, double? NextDue);
