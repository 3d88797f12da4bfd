using System.Globalization;
using Nodepool.Testing.Simulation;
using Nodepool.Testing.Simulation.Days;

namespace Nodepool.Bench.Days;

/// <summary>The same days with the governor, with fixed limits instead, and with neither: all seeds of a setting in one table.</summary>
internal static class DayComparison
{
    private static readonly TimeSpan InTime = TimeSpan.FromMinutes(5);

    private static readonly (string Name, Func<DaySettings, DaySettings> Change)[] Settings =
    [
        ("no limit", settings => settings with { IsGoverned = false }),
        ("max-concurrency 4", settings => settings with { IsGoverned = false, MaxConcurrency = 4 }),
        ("max-concurrency 10", settings => settings with { IsGoverned = false, MaxConcurrency = 10 }),
        ("governor", settings => settings),
    ];

    /// <summary>Runs the days, as many at once as there are processors. A day that breaks a rule is told of, and left out.</summary>
    /// <param name="output">Gets the table.</param>
    /// <param name="seeds">Of the days.</param>
    /// <param name="settings">What they have in common.</param>
    /// <param name="part">Part of the names of the settings to compare; empty for all.</param>
    public static void Run(TextWriter output, IReadOnlyList<int> seeds, DaySettings settings, string part)
    {
        output.WriteLine($"{"launches are bound by",-22}{"priority",8}{"asked",8}{"in time",9}{"failed",8}{"p50",8}{"p99",8}{"max",8}{"launches",10}{"wasted",8}");
        foreach (var (name, change) in Settings.Where(one => one.Name.Contains(part, StringComparison.Ordinal)))
        {
            var days = seeds.AsParallel().AsOrdered().WithDegreeOfParallelism(Environment.ProcessorCount).Select(seed => Live(seed, change(settings))).ToList();
            foreach (var broken in days.Where(day => day.Broken is not null))
            {
                output.WriteLine($"{name}, {broken.Broken}");
            }

            Tell(output, name, [.. days.Select(day => day.Report).OfType<DayReport>()]);
        }
    }

    private static (DayReport? Report, string? Broken) Live(int seed, DaySettings settings)
    {
        try
        {
            return (SimDay.Run(seed, settings), null);
        }
        catch (SimulationException e)
        {
            return (null, $"seed {seed}: {e.Rule}");
        }
    }

    private static void Tell(TextWriter output, string name, IReadOnlyList<DayReport> days)
    {
        var launches = string.Create(CultureInfo.InvariantCulture, $"{days.Sum(day => day.Clouds.Sum(cloud => cloud.Launches)),10}{days.Sum(day => day.Wasted),8}");
        foreach (var priority in days.SelectMany(day => day.Waits).GroupBy(wait => wait.Priority).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var waits = priority.SelectMany(wait => wait.Waits).Order().ToList();
            var inTime = waits.Count(wait => wait <= InTime.TotalSeconds) / (double)Math.Max(1, waits.Count + priority.Sum(wait => wait.Failed));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-22}{priority.Key,8}{priority.Sum(wait => wait.Asked),8}{inTime,9:P1}{priority.Sum(wait => wait.Failed),8}{DayReport.Quantile(waits, 0.5),8:0}{DayReport.Quantile(waits, 0.99),8:0}{DayReport.Quantile(waits, 1),8:0}{launches}"));
            (name, launches) = ("", "");
        }
    }
}
