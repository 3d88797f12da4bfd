using System.Globalization;
using Nodepool.Testing.Load;

namespace Nodepool.Bench.Governor;

/// <summary>
/// The same load with the governor, with a fixed <c>max-concurrency</c> and with neither, on clouds that misbehave in one way each. No figure depends on the machine: all clocks are simulated.
/// </summary>
internal static class GovernorBenchmark
{
    private const int Seeds = 3;

    private static readonly LoadSetting[] Settings = [LoadSetting.Free, LoadSetting.Fixed, LoadSetting.Governed];

    /// <summary>Runs all; arguments are the names of scenarios, or parts of them.</summary>
    public static Task RunAsync(TextWriter output, IReadOnlyList<string> arguments)
    {
        output.WriteLine($"{"scenario",-20}{"launches are bound by",-24}{"in time",9}{"failed",8}{"p50",8}{"p99",8}{"launches",10}{"wasted",8}{"calls",9}");
        foreach (var scenario in LoadScenario.All.Where(each => arguments.Count == 0 || arguments.Any(part => each.Name.Contains(part, StringComparison.Ordinal))))
        {
            foreach (var setting in Settings)
            {
                var results = new LoadResult[Seeds];
                Parallel.For(0, Seeds, seed => results[seed] = LoadRun.Of(scenario, setting, seed + 1));
                var all = LoadResult.Sum(results);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(setting == Settings[0] ? scenario.Name : ""),-20}{setting.Name,-24}{all.InTime,9:P1}{all.Failed,8}{Seconds(all.Quantile(0.5)),8}{Seconds(all.Quantile(0.99)),8}{all.Launches,10}{all.Wasted,8}{all.Calls,9}"));
            }
        }

        return Task.CompletedTask;
    }

    private static string Seconds(double seconds) => double.IsInfinity(seconds) ? "never" : seconds.ToString("0 s", CultureInfo.InvariantCulture);
}
