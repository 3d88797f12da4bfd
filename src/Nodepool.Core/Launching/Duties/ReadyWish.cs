namespace Nodepool.Core.Launching.Duties;

/// <summary>A ready node that is lacking.</summary>
/// <param name="Label">Its label.</param>
/// <param name="Provider">Where it is wanted; null: wherever there is room.</param>
public sealed record ReadyWish(string Label, string? Provider);
