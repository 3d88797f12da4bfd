using System.Globalization;
using Nodepool.Core;
using Nodepool.Testing.Simulation;

namespace Nodepool.Tests.Simulation;

/// <summary>The simulator over the seeds of every build, and over more of them on demand; see docs/simulation.md.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int FixedSeeds = 1000;

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
        var sweep = new SeedSweep(Environment.GetEnvironmentVariable("NODEPOOL_SIM_STATE"), count > FixedSeeds ? Console.Error : null);
        sweep.Run(first, count);
        output.WriteLine($"{count} seeds, {sweep.Steps} steps");
        var broken = string.Join(Environment.NewLine, sweep.Failures.Select(e => $"seed {e.Seed}: {e.Rule}"));
        Assert.True(sweep.Failures.Count == 0, $"{sweep.Failures.Count} of {count} seeds broke a rule:{Environment.NewLine}{broken}{Environment.NewLine}{(sweep.Failures is [var earliest, ..] ? earliest.Message : "")}");
    }
}
