using System.Globalization;
using Nodepool.Testing.Simulation.Days;

namespace Nodepool.Bench.Days;

/// <summary>Simulated days in figures: waits by priority, launches for nothing, use of the room. The same seeds under other settings can be compared line by line.</summary>
internal static class DayBenchmark
{
    /// <summary>Runs the days.</summary>
    /// <param name="output">Gets a table for each.</param>
    /// <param name="arguments">
    /// Seeds (1 when there is none); <c>noon</c> for the busiest quarter of an hour only, <c>crowded</c> for an hour with too little room; <c>hours=N</c>, <c>requests=N</c> (in 24 hours), <c>max-concurrency=N</c>, <c>ungoverned</c>,
    /// <c>launchers=N</c>, <c>quiet</c> (no kills, no partitions) and <c>trace=FILE</c>; <c>compare</c>, or <c>compare=SETTING</c>, for <see cref="DayComparison"/>.
    /// </param>
    public static Task RunAsync(TextWriter output, IReadOnlyList<string> arguments)
    {
        var settings = arguments.Contains("noon") ? DaySettings.Noon : arguments.Contains("crowded") ? DaySettings.Crowded : new DaySettings();
        var seeds = new List<int>();
        TextWriter? trace = null;
        foreach (var argument in arguments)
        {
            var (name, value) = argument.Split('=', 2) is [var key, var text] ? (key, text) : (argument, "");
            (settings, trace) = name switch
            {
                "hours" => (settings with { Length = TimeSpan.FromHours(double.Parse(value, CultureInfo.InvariantCulture)) }, trace),
                "requests" => (settings with { Requests = Number(value) }, trace),
                "max-concurrency" => (settings with { MaxConcurrency = Number(value) }, trace),
                "launchers" => (settings with { Launchers = Number(value) }, trace),
                "ungoverned" => (settings with { IsGoverned = false }, trace),
                "quiet" => (settings with { HasFaults = false }, trace),
                "trace" => (settings, new StreamWriter(value)),
                _ => (settings, trace),
            };
            if (int.TryParse(argument, CultureInfo.InvariantCulture, out var seed))
            {
                seeds.Add(seed);
            }
        }

        if (arguments.FirstOrDefault(argument => argument.Split('=')[0] == "compare") is { } compare)
        {
            DayComparison.Run(output, [.. seeds.DefaultIfEmpty(1)], settings, compare.Contains('=', StringComparison.Ordinal) ? compare.Split('=')[1] : "");
            return Task.CompletedTask;
        }

        using (trace)
        {
            foreach (var seed in seeds.DefaultIfEmpty(1))
            {
                var begin = TimeProvider.System.GetTimestamp();
                output.WriteLine(SimDay.Run(seed, settings, trace));
                output.WriteLine($"took {TimeProvider.System.GetElapsedTime(begin).TotalSeconds:0} s");
            }
        }

        return Task.CompletedTask;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
