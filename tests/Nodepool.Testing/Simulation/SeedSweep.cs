using System.Collections.Concurrent;
using System.Globalization;

namespace Nodepool.Testing.Simulation;

/// <summary>Runs many seeds on all cores, tells how far it is, and goes on where it was interrupted.</summary>
/// <param name="state">File with the last seed of which all before it have been run; null: begin at the beginning.</param>
/// <param name="progress">Gets a line for every few hundred seeds; null for none.</param>
public sealed class SeedSweep(string? state, TextWriter? progress)
{
    private const int Block = 500;

    private readonly ConcurrentBag<SimulationException> _failures = [];
    private long _steps;

    /// <summary>Callbacks that ran.</summary>
    public long Steps => _steps;

    /// <summary>What was broken, by seed.</summary>
    public IReadOnlyList<SimulationException> Failures => [.. _failures.OrderBy(failure => failure.Seed)];

    /// <summary>Runs <paramref name="count"/> seeds from <paramref name="first"/> on, without those that an earlier sweep with the same file has done.</summary>
    public void Run(int first, int count)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var last = first + count - 1;
        var next = Math.Max(first, state is not null && File.Exists(state) ? int.Parse(File.ReadAllText(state), CultureInfo.InvariantCulture) + 1 : first);
        for (int end; next <= last; next = end)
        {
            end = Math.Min(next + Block, last + 1);
            Parallel.For(next, end, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, RunOne);
            progress?.WriteLine($"{end - first} of {count} seeds, {_failures.Count} broke a rule, {TimeProvider.System.GetElapsedTime(begin).TotalSeconds:0} s");
            if (state is not null && _failures.IsEmpty)
            {
                // After a failure the next sweep begins before it: it shall be seen again.
                File.WriteAllText(state, (end - 1).ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private void RunOne(int seed)
    {
        try
        {
            Interlocked.Add(ref _steps, Simulation.Run(seed).Steps);
        }
        catch (SimulationException e)
        {
            _failures.Add(e);
            progress?.WriteLine($"seed {seed}: {e.Rule}");
        }
    }
}
