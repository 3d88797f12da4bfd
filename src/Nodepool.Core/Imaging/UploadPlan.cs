using Nodepool.Core.Collections;

namespace Nodepool.Core.Imaging;

/// <summary>What <see cref="UploadPlanner"/> wants uploaded.</summary>
/// <param name="Orders">Uploads, the most urgent first.</param>
/// <param name="NextDue">When the next upload is due without anything changing, Unix seconds; null when none is.</param>
public sealed record UploadPlan(ValueList<UploadOrder> Orders, double? NextDue);
