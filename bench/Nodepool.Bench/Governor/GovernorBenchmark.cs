using System.Globalization;
using Nodepool.Testing.Load;

namespace Nodepool.Bench.Governor;

/// <summary>
/// The same load with the governor, with a fixed <c>max-concurrency</c> and with neither, on clouds that misbehave in one way each. No figure depends on the machine: all clocks are simulated.
/// </summary>
internal static class GovernorBenchmark
{
    private const int Seeds = 3;

    private const string First = "first=";

    private const string Labels = "labels=";

    /// <summary>Width of the first column.</summary>
    private const int Scenario = 20;

    private static readonly LoadSetting[] Settings = [LoadSetting.Free, LoadSetting.Fixed, LoadSetting.Governed];

    /// <summary>
    /// Runs all; arguments are parts of the names of scenarios or of settings, a number of seeds, <c>first=N</c> for the first of them, and <c>labels=N</c>, of which each pool has one otherwise. The last column compares with the first setting seed by
    /// seed, since both got the same requests: the middle of the differences of p99, and between which two the middle half of them lies.
    /// </summary>
    public static Task RunAsync(TextWriter output, IReadOnlyList<string> arguments)
    {
        var seeds = arguments.Select(argument => int.TryParse(argument, CultureInfo.InvariantCulture, out var number) ? number : 0).DefaultIfEmpty().Max() is > 0 and var some ? some : Seeds;
        var (first, labels) = (Number(arguments, First), Number(arguments, Labels));
        var names = arguments.Where(argument => !argument.Contains('=', StringComparison.Ordinal) && !char.IsAsciiDigit(argument[0])).ToList();
        output.WriteLine($"{"scenario",-Scenario}{"launches are bound by",-24}{"in time",9}{"failed",8}{"p50",8}{"p99",8}{"launches",10}{"wasted",8}{"calls",9}   p99 by seed");
        foreach (var scenario in Chosen(LoadScenario.All, each => each.Name, names))
        {
            var name = scenario.Name;
            LoadResult[]? reference = null;
            foreach (var setting in Chosen(Settings, each => each.Name, names))
            {
                var results = new LoadResult[seeds];
                Parallel.For(0, seeds, seed => results[seed] = LoadRun.Of(scenario with { Labels = labels }, setting, first + seed));
                var all = LoadResult.Sum(results);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-Scenario}{setting.Name,-24}{all.InTime,9:P1}{all.Failed,8}{Seconds(all.Quantile(0.5)),8}{Seconds(all.Quantile(0.99)),8}{all.Launches,10}{all.Wasted,8}{all.Calls,9}   {Compared(results, reference)}"));
                name = "";
                reference ??= results;
            }
        }

        return Task.CompletedTask;
    }

    private static int Number(IEnumerable<string> arguments, string name) =>
        arguments.FirstOrDefault(argument => argument.StartsWith(name, StringComparison.Ordinal)) is { } found ? int.Parse(found[name.Length..], CultureInfo.InvariantCulture) : 1;

    private static string Compared(LoadResult[] results, LoadResult[]? reference)
    {
        if (reference is null || reference.Concat(results).Any(result => double.IsInfinity(result.Quantile(0.99))))
        {
            return "";
        }

        var differences = results.Zip(reference, (one, other) => one.Quantile(0.99) - other.Quantile(0.99)).Order().ToList();
        double At(double part) => differences[(int)Math.Round(part * (differences.Count - 1))];
        return string.Create(CultureInfo.InvariantCulture, $"{At(0.5):+0;-0;0} s ({At(0.25):+0;-0;0}..{At(0.75):+0;-0;0})");
    }

    /// <summary>Those that an argument names, or all when none names any.</summary>
    private static List<T> Chosen<T>(IReadOnlyCollection<T> all, Func<T, string> nameOf, IReadOnlyList<string> names) =>
        all.Where(each => names.Any(part => nameOf(each).Contains(part, StringComparison.Ordinal))).ToList() is { Count: > 0 } named ? named : [.. all];

    private static string Seconds(double seconds) => double.IsInfinity(seconds) ? "never" : seconds.ToString("0 s", CultureInfo.InvariantCulture);
}
