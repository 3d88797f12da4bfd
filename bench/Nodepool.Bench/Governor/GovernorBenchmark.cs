using System.Globalization;
using Nodepool.Testing.Load;

namespace Nodepool.Bench.Governor;

/// <summary>
/// The same load with the governor, with a fixed <c>max-concurrency</c> and with neither, on clouds that misbehave in one way each. No figure depends on the machine: all clocks are simulated.
/// </summary>
internal static class GovernorBenchmark
{
    private const int Seeds = 3;

    /// <summary>Width of the first column.</summary>
    private const int Scenario = 20;

    private static readonly LoadSetting[] Settings = [LoadSetting.Free, LoadSetting.Fixed, LoadSetting.Governed];

    /// <summary>Runs all; arguments are parts of the names of scenarios or of settings, and a number of seeds.</summary>
    public static Task RunAsync(TextWriter output, IReadOnlyList<string> arguments)
    {
        var seeds = arguments.Select(argument => int.TryParse(argument, CultureInfo.InvariantCulture, out var number) ? number : 0).DefaultIfEmpty().Max() is > 0 and var some ? some : Seeds;
        output.WriteLine($"{"scenario",-Scenario}{"launches are bound by",-24}{"in time",9}{"failed",8}{"p50",8}{"p99",8}{"launches",10}{"wasted",8}{"calls",9}");
        foreach (var scenario in Chosen(LoadScenario.All, each => each.Name, arguments))
        {
            var name = scenario.Name;
            foreach (var setting in Chosen(Settings, each => each.Name, arguments))
            {
                var results = new LoadResult[seeds];
                Parallel.For(0, seeds, seed => results[seed] = LoadRun.Of(scenario, setting, seed + 1));
                var all = LoadResult.Sum(results);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-Scenario}{setting.Name,-24}{all.InTime,9:P1}{all.Failed,8}{Seconds(all.Quantile(0.5)),8}{Seconds(all.Quantile(0.99)),8}{all.Launches,10}{all.Wasted,8}{all.Calls,9}"));
                name = "";
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Those that an argument names, or all when none names any.</summary>
    private static List<T> Chosen<T>(IReadOnlyCollection<T> all, Func<T, string> nameOf, IReadOnlyList<string> arguments) =>
        all.Where(each => arguments.Any(part => !char.IsAsciiDigit(part[0]) && nameOf(each).Contains(part, StringComparison.Ordinal))).ToList() is { Count: > 0 } named ? named : [.. all];

    private static string Seconds(double seconds) => double.IsInfinity(seconds) ? "never" : seconds.ToString("0 s", CultureInfo.InvariantCulture);
}
