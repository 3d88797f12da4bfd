namespace Nodepool.Testing.Simulation;

/// <summary>A rule was broken in a simulation.</summary>
public sealed class SimulationException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="replay">The command that runs it again, with a trace.</param>
    /// <param name="rule">What was broken.</param>
    /// <param name="tail">The last lines of the trace.</param>
    /// <param name="inner">What was thrown, if anything was.</param>
    public SimulationException(int seed, string replay, string rule, string tail, Exception? inner = null)
        : base($"""
            seed {seed}: {rule}
            replay: {replay}
            --- last lines of the trace ---
            {tail}
            """, inner)
    {
        Seed = seed;
        Rule = rule;
    }

    /// <summary>Seed of the run.</summary>
    public int Seed { get; }

    /// <summary>What was broken.</summary>
    public string Rule { get; }
}
