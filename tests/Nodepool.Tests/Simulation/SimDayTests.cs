using System.Collections.Concurrent;
using System.Globalization;
using Nodepool.Core;
using Nodepool.Testing.Simulation;
using Nodepool.Testing.Simulation.Days;

namespace Nodepool.Tests.Simulation;

/// <summary>A busy installation on clouds that misbehave: its busiest quarter of an hour in every build, whole days on demand; see docs/simulation.md.</summary>
public sealed class SimDayTests(ITestOutputHelper output)
{
    [Fact]
    public void Noon_OfFixedAndFreshSeeds_KeepsTheRules()
    {
        var fresh = 1_000_000 + (int)(SystemSources.Create().Random.NextDouble() * 1_000_000_000);
        output.WriteLine($"fresh seed {fresh}");
        RunAll([1, fresh], DaySettings.Noon);
    }

    [Fact]
    public void Crowds_OfFixedSeeds_AreServedFairly() => RunAll([1, 2], DaySettings.Crowded);

    [Fact]
    public void Days_AsManyAsAreAskedFor_KeepTheRules()
    {
        var days = Number("NODEPOOL_SIM_DAYS");
        Assert.SkipWhen(days is null, "NODEPOOL_SIM_DAYS=N runs N whole days; each takes many minutes");
        RunAll(Enumerable.Range(Number("NODEPOOL_SIM_SEED") ?? 1, days!.Value), new DaySettings());
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private void RunAll(IEnumerable<int> seeds, DaySettings settings)
    {
        var failures = new ConcurrentBag<SimulationException>();
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            try
            {
                output.WriteLine(SimDay.Run(seed, settings).ToString());
            }
            catch (SimulationException e)
            {
                failures.Add(e);
            }
        });
        Assert.True(failures.IsEmpty, string.Join(Environment.NewLine, failures.OrderBy(e => e.Seed).Select(e => e.Message)));
    }
}
