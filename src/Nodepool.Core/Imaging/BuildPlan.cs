using Nodepool.Core.Collections;

namespace Nodepool.Core.Imaging;

/// <summary>What <see cref="BuildPlanner"/> wants built.</summary>
/// <param name="Orders">Builds, in the order of the file.</param>
/// <param name="NextDue">When the next image is due without anything changing, Unix seconds; null when none is.</param>
public sealed record BuildPlan(ValueList<BuildOrder> Orders, double? NextDue);
