namespace Nodepool.Testing.Simulation;

/// <summary>A run in which no rule was broken.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Digest">Stands for every line of its trace and every choice of its scheduler.</param>
/// <param name="Steps">Callbacks that ran.</param>
/// <param name="Elapsed">Simulated time.</param>
/// <param name="Tally">What was done, for people.</param>
public sealed record SimulationResult(int Seed, string Digest, long Steps, TimeSpan Elapsed, string Tally);
