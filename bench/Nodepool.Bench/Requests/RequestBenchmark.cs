using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Launching;
using Nodepool.Core.View;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Providers.Scanning;
using Nodepool.State.Sqlite;

namespace Nodepool.Bench.Requests;

/// <summary>
/// How long a client waits over the SQLite store: one at a time with ready nodes there, one at a time without (the cloud is instant), and in a burst.
/// Launcher and client have sessions of their own on one file, as two processes would.
/// </summary>
internal static class RequestBenchmark
{
    private const int OneByOne = 300;
    private const int Burst = 1000;

    /// <summary>Runs all; the first argument may name the directory to put the store in, else a temporary one is used.</summary>
    public static async Task RunAsync(TextWriter output, IReadOnlyList<string> arguments)
    {
        var directory = arguments.Count > 0 ? arguments[0] : Directory.CreateTempSubdirectory("nodepool-bench-").FullName;
        var file = Path.Combine(directory, "state.db");
        var sources = SystemSources.Create();
        using var stop = new CancellationTokenSource();
        try
        {
            await using var engine = await SqliteEngine.OpenAsync(file, sources, NullLogger.Instance, default);
            var feed = new ClusterFeed(engine, sources.Time);
            using var scanner = new SshNodeScanner(sources.Time);
            var context = new LauncherContext(engine, feed, sources, NullLoggerFactory.Instance, scanner, "bench", "bench");
            var following = feed.RunAsync(stop.Token);
            var launcher = new LauncherRole(context, provider => new FakeProvider(provider, new FakeCloud(sources)), Once(Config())).RunAsync(stop.Token);
            await using (var client = await RequestClient.OpenAsync(file, sources))
            {
                // Should the launcher end, the measurement would wait for ever: its reason is what matters then.
                await await Task.WhenAny(MeasureAsync(output, client), launcher, following);
            }

            await stop.CancelAsync();
            await Task.WhenAll(launcher, following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            if (arguments.Count == 0)
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private static async Task MeasureAsync(TextWriter output, RequestClient client)
    {
        for (var i = 0; i < 50; i++)
        {
            await client.OnceAsync("kept", reuse: true);
        }

        output.WriteLine(Latencies("ready node there, one at a time", await RepeatAsync(() => client.OnceAsync("kept", reuse: true))));
        output.WriteLine(Latencies("no ready node, instant cloud, one at a time", await RepeatAsync(() => client.OnceAsync("fresh", reuse: false))));
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Burst).Select(_ => client.OnceAsync("fresh", reuse: false)));
        var rate = Burst / Stopwatch.GetElapsedTime(start).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{$"burst of {Burst}, fulfilled",-50} {rate,12:F0} nodes/s"));
    }

    private static async Task<double[]> RepeatAsync(Func<Task<TimeSpan>> once)
    {
        var times = new double[OneByOne];
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = (await once()).TotalMilliseconds;
        }

        Array.Sort(times);
        return times;
    }

    private static string Latencies(string name, double[] sorted) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-50} {sorted[sorted.Length / 2],12:F2} ms p50  {sorted[(int)(sorted.Length * 0.99)]:F2} p99  {sorted[^1]:F2} max  (n={sorted.Length})");

    private static NodepoolConfig Config()
    {
        var pool = new PoolConfig
        {
            Name = "main",
            Limits = Quota.Of((Quota.Instances, 100_000)),
            Labels =
            [
                new PoolLabelConfig { Name = "kept", CloudImage = "any", HostKeyChecking = false, Options = new FakeLabelOptions(FakeFlavor.All[0]) },
                new PoolLabelConfig { Name = "fresh", CloudImage = "any", HostKeyChecking = false, Options = new FakeLabelOptions(FakeFlavor.All[0]) },
            ],
        };
        return new NodepoolConfig
        {
            Labels = [new LabelConfig { Name = "kept", MinReady = 20 }, new LabelConfig { Name = "fresh" }],
            Providers = [new ProviderConfig { Name = "fake", Driver = "fake", Pools = [pool], Options = new FakeOptions() }],
        };
    }

    private static async IAsyncEnumerable<NodepoolConfig> Once(NodepoolConfig config)
    {
        await Task.CompletedTask;
        yield return config;
    }
}
