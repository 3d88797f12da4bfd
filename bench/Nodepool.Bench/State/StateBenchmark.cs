using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Memory;
using Nodepool.State.Sqlite;

namespace Nodepool.Bench.State;

/// <summary>Figures of the state engines. Each is the median of several rounds, with the range, because machines are shared.</summary>
internal static class StateBenchmark
{
    private const int Rounds = 5;
    private const int Entries = 1000;

    /// <summary>Runs all; the first argument may name the directory to put the store in, else a temporary one is used.</summary>
    public static async Task RunAsync(TextWriter output, IReadOnlyList<string> arguments)
    {
        var directory = arguments.Count > 0 ? arguments[0] : Directory.CreateTempSubdirectory("nodepool-bench-").FullName;
        var file = Path.Combine(directory, "state.db");
        try
        {
            var opening = Stopwatch.GetTimestamp();
            await using var engine = await SqliteEngine.OpenAsync(file, SystemSources.Create(), NullLogger.Instance, default);
            Line(output, "sqlite: open a new store (JIT included)", $"{Stopwatch.GetElapsedTime(opening).TotalMilliseconds,12:F1} ms");
            opening = Stopwatch.GetTimestamp();
            await (await SqliteEngine.OpenAsync(file, SystemSources.Create(), NullLogger.Instance, default)).DisposeAsync();
            Line(output, "sqlite: open and close again", $"{Stopwatch.GetElapsedTime(opening).TotalMilliseconds,12:F1} ms");
            await FillAsync(engine);

            await RateAsync(output, "sqlite: commits, one at a time", 5000, () => SetAsync(engine, 5000, inFlight: 1));
            await RateAsync(output, "sqlite: commits, 64 in flight", 20_000, () => SetAsync(engine, 20_000, inFlight: 64));
            await RateAsync(
                output,
                "sqlite: commits, 3 processes, one at a time each",
                9000,
                StateChild.GoAsync,
                () => StateChild.StartWritersAsync(file, processes: 3, commitsEach: 3000));
            await RateAsync(output, "sqlite: get", 50_000, () => GetAsync(engine, 50_000));
            await RateAsync(output, $"sqlite: list {Entries} children", 200, () => ListAsync(engine, 200));
            await RateAsync(output, "sqlite: lock and release", 2000, () => LockAsync(engine, 2000));
            await LatencyAsync(output, engine, file);
            await IdleAsync(output);
            await MemoryAsync(output);
        }
        finally
        {
            if (arguments.Count == 0)
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private static async Task MemoryAsync(TextWriter output)
    {
        await using var memory = new MemoryTree(TimeProvider.System).Open(SystemSources.Create());
        await FillAsync(memory);
        await RateAsync(output, "memory: commits", 500_000, () => SetAsync(memory, 500_000, inFlight: 1));
        await RateAsync(output, "memory: lock and release", 100_000, () => LockAsync(memory, 100_000));
    }

    private static async Task FillAsync(IStateEngine engine)
    {
        for (var i = 0; i < Entries; i++)
        {
            await engine.CommitAsync([new Write.Create(PathOf(i), new byte[500], CreateModes.Persistent)], default);
        }
    }

    private static string PathOf(int i) => $"/nodepool/nodes/{i % Entries:D10}";

    private static async Task SetAsync(IStateEngine engine, int count, int inFlight)
    {
        var data = new byte[500];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                await engine.CommitAsync([new Write.Set(PathOf(i), data, Write.AnyVersion)], default);
            }
        }));
    }

    private static async Task GetAsync(SqliteEngine engine, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await engine.GetAsync(PathOf(i), default);
        }
    }

    private static async Task ListAsync(SqliteEngine engine, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await engine.ListAsync("/nodepool/nodes", default);
        }
    }

    private static async Task LockAsync(IStateEngine engine, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await using var lease = await engine.TryLockAsync(PathOf(i) + "/lock", LockOptions.Immediate, default);
        }
    }

    /// <summary>From the moment before a commit in another process to the arrival of its change here.</summary>
    private static async Task LatencyAsync(TextWriter output, SqliteEngine engine, string file)
    {
        const int Commits = 1000;
        const string Path = "/nodepool/clock";
        await engine.CommitAsync([new Write.Create(Path, ReadOnlyMemory<byte>.Empty, CreateModes.Persistent)], default);
        var latencies = new List<double>();
        using var enough = new CancellationTokenSource();
        Task? child = null;
        await foreach (var batch in engine.WatchAsync("/nodepool", enough.Token))
        {
            var now = Stopwatch.GetTimestamp();
            child ??= StateChild.TickAsync(file, Path, Commits).ContinueWith(_ => enough.Cancel(), TaskScheduler.Default);
            foreach (var (path, entry) in batch.Changes)
            {
                if (path == Path && entry is { Data.Length: > 0 })
                {
                    var then = long.Parse(entry.Data.Span, CultureInfo.InvariantCulture);
                    latencies.Add((now - then) * 1000.0 / Stopwatch.Frequency);
                }
            }
        }

        latencies.Sort();
        Line(
            output,
            $"sqlite: watch, other process, {latencies.Count} of {Commits}",
            $"p50 {At(latencies, 0.5):F2} ms, p99 {At(latencies, 0.99):F2} ms, max {latencies[^1]:F2} ms");
    }

    private static async Task IdleAsync(TextWriter output)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
        process.Refresh();
        var used = process.TotalProcessorTime - before;
        Line(output, "sqlite: idle with a watch, processor", $"{used.TotalMilliseconds / 50:F2} % of one core");
    }

    private static double At(List<double> sorted, double quantile) => sorted[(int)((sorted.Count - 1) * quantile)];

    private static Task RateAsync(TextWriter output, string what, int operations, Func<Task> round) =>
        RateAsync(output, what, operations, _ => round(), () => Task.FromResult(true));

    /// <summary>The first round warms up and is not counted; preparing a round is not either.</summary>
    private static async Task RateAsync<T>(TextWriter output, string what, int operations, Func<T, Task> round, Func<Task<T>> prepare)
    {
        await round(await prepare());
        var rates = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            var prepared = await prepare();
            var since = Stopwatch.GetTimestamp();
            await round(prepared);
            rates.Add(operations / Stopwatch.GetElapsedTime(since).TotalSeconds);
        }

        rates.Sort();
        Line(output, what, $"{rates[Rounds / 2],12:N0} /s   ({rates[0]:N0} to {rates[^1]:N0})");
    }

    private static void Line(TextWriter output, string what, string figure) => output.WriteLine($"{what,-52} {figure}");
}
