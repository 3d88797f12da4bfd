namespace Nodepool.Testing.Simulation.Days;

/// <summary>How long requests of a priority waited.</summary>
/// <param name="Priority">Which.</param>
/// <param name="Asked">How many there were.</param>
/// <param name="Failed">How many ended as failed.</param>
/// <param name="Waits">Seconds from request to fulfilled of those that were, in order.</param>
public sealed record DayWait(string Priority, int Asked, int Failed, IReadOnlyList<double> Waits);
