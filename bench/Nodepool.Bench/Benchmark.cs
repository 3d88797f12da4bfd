namespace Nodepool.Bench;

/// <summary>One benchmark of the program.</summary>
/// <param name="Name">What it is called by.</param>
/// <param name="Summary">What it measures, in a few words.</param>
/// <param name="RunAsync">Runs it with its own arguments and writes its figures.</param>
internal sealed record Benchmark(string Name, string Summary, Func<TextWriter, IReadOnlyList<string>, Task> RunAsync);
