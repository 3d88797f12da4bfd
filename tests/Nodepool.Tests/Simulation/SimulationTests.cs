using System.Collections.Concurrent;
using System.Globalization;
using Nodepool.Core;
using Nodepool.Testing.Simulation;

namespace Nodepool.Tests.Simulation;

/// <summary>The simulator over the seeds of every build, and over more of them on demand; see docs/simulation.md.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int FixedSeeds = 200;

    [Fact]
    public void FixedSeeds_EveryStep_KeepTheRules() => RunAll(1, Number("NODEPOOL_SIM_SEEDS") ?? FixedSeeds);

    [Fact]
    public void FreshSeed_EveryStep_KeepsTheRules()
    {
        var seed = 1_000_000 + (int)(SystemSources.Create().Random.NextDouble() * 1_000_000_000);
        output.WriteLine($"fresh seed {seed}");
        output.WriteLine(Testing.Simulation.Simulation.Run(seed).ToString());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(17)]
    [InlineData(42)]
    public void SameSeed_RunTwice_GivesTheSameTrace(int seed)
    {
        using var first = new StringWriter();
        using var second = new StringWriter();
        Assert.Equal(Testing.Simulation.Simulation.Run(seed, first), Testing.Simulation.Simulation.Run(seed, second));
        Assert.Equal(first.ToString(), second.ToString());
    }

    /// <summary>Seeds that broke a rule once: a lock that was kept after somebody else had been quicker, a client that writes after its lock is gone.</summary>
    [Theory]
    [InlineData(671)]
    [InlineData(542)]
    public void Seed_ThatOnceFailed_KeepsTheRules(int seed) => output.WriteLine(Testing.Simulation.Simulation.Run(seed).ToString());

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private void RunAll(int first, int count)
    {
        var failures = new ConcurrentBag<SimulationException>();
        var steps = 0L;
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            try
            {
                Interlocked.Add(ref steps, Testing.Simulation.Simulation.Run(seed).Steps);
            }
            catch (SimulationException e)
            {
                failures.Add(e);
            }
        });
        output.WriteLine($"{count} seeds, {steps} steps");
        Assert.True(
            failures.IsEmpty,
            $"{failures.Count} of {count} seeds broke a rule:{Environment.NewLine}{string.Join(Environment.NewLine, failures.OrderBy(e => e.Seed).Select(e => $"seed {e.Seed}: {e.Rule}"))}{Environment.NewLine}{failures.OrderBy(e => e.Seed).FirstOrDefault()?.Message}");
    }
}
