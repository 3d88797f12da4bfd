namespace Nodepool.Testing.Simulation;

/// <summary>How long a simulation may take.</summary>
/// <param name="MostSteps">With more, the processes keep each other busy without end.</param>
/// <param name="Settling">Time in which nobody looks whether everything has come to rest, once nothing goes wrong any more.</param>
/// <param name="Patience">Time for everything to come to rest from then on.</param>
/// <param name="BetweenLooks">Time from one look at whether it has to the next.</param>
internal sealed record SimLimits(long MostSteps, TimeSpan Settling, TimeSpan Patience, TimeSpan BetweenLooks);
