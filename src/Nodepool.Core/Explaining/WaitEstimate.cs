namespace Nodepool.Core.Explaining;

/// <summary>How long something may still take.</summary>
/// <param name="Seconds">From now.</param>
/// <param name="Basis">What that is concluded from, for people.</param>
public sealed record WaitEstimate(double Seconds, string Basis);
