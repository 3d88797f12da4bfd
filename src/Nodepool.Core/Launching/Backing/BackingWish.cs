namespace Nodepool.Core.Launching.Backing;

/// <summary>A backing node that is lacking.</summary>
/// <param name="Label">The label of ours that it is lacking for.</param>
/// <param name="IsForReady">Nobody waits for it but <c>min-ready</c>: its request has that priority and gives way to everybody else.</param>
public sealed record BackingWish(string Label, bool IsForReady);
