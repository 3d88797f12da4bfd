using System.Diagnostics;
using System.Globalization;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Bench.ZooKeeper;

/// <summary>
/// <c>nodepool launcher</c> on a ZooKeeper server over TLS, driver fake, under a client that does what Zuul does. The requests of the launcher are those that the server
/// counts, less the client's. Every figure is the median of some runs. The programs are the published ones when there are any, else the built one.
/// </summary>
internal sealed class ZooKeeperBenchmark : IDisposable
{
    private const int Stored = 5000;
    private const int OneByOne = 200;

    private readonly TextWriter _output;
    private readonly int _runs;
    private readonly IReadOnlyCollection<string> _parts;
    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-bench-").FullName;
    private readonly ZooKeeperServer _server;
    private readonly ZuulClient _zuul;
    private LauncherProcess? _launcher;

    private ZooKeeperBenchmark(TextWriter output, int runs, IReadOnlyCollection<string> parts, ZooKeeperServer server, ZuulClient zuul) =>
        (_output, _runs, _parts, _server, _zuul) = (output, runs, parts, server, zuul);

    private string Config => Path.Combine(_directory, "nodepool.yaml");

    private LauncherProcess Launcher => _launcher ??= new LauncherProcess(Config, Path.Combine(_directory, "launcher.log"));

    /// <summary>
    /// The first argument may say how many runs a median is of (3), further ones what is measured: <c>latency</c>, <c>burst</c>, <c>idle</c>, <c>list</c>, <c>start</c>;
    /// without them all of it.
    /// </summary>
    public static async Task RunAsync(TextWriter output, IReadOnlyList<string> arguments)
    {
        var runs = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 3;
        using var certificates = new TestCertificates();
        await using var server = await ZooKeeperServer.StartAsync(certificates, default, isForLoad: true);
        await using var zuul = await ZuulClient.OpenAsync(server.Address);
        using var benchmark = new ZooKeeperBenchmark(output, runs, [.. arguments.Skip(1)], server, zuul);
        await benchmark.MeasureAsync(certificates);
    }

    public void Dispose()
    {
        _launcher?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task MeasureAsync(TestCertificates certificates)
    {
        _output.WriteLine($"launcher: {Programs.Daemon}\ncommands: {Programs.Commands}");
        await File.WriteAllTextAsync(Config, ConfigOf(certificates));
        _ = Launcher;
        await LifeAsync("fresh", reuse: false);
        if (IsWanted("latency"))
        {
            await LatencyAsync("ready node there, one at a time", "kept", reuse: true);
            await LatencyAsync("no ready node, instant cloud, one at a time", "fresh", reuse: false);
        }

        if (IsWanted("burst"))
        {
            await BurstAsync(1000);
            await BurstAsync(5000);
        }

        await StoredAsync();
    }

    /// <summary>What is measured with many nodes in the store, after all that the launcher has gone through.</summary>
    private async Task StoredAsync()
    {
        if (!IsWanted("idle") && !IsWanted("list") && !IsWanted("start"))
        {
            return;
        }

        await _zuul.PopulateAsync(Stored, "kept");
        if (IsWanted("idle"))
        {
            await RepeatAsync($"idle with {Stored} nodes", "% CPU, requests/s, MiB", IdleAsync);
        }

        if (IsWanted("list"))
        {
            await RepeatAsync($"nodepool list of {Stored} nodes", "s", ListAsync);
        }

        if (IsWanted("start"))
        {
            await RepeatAsync($"start with {Stored} nodes to the first fulfilled", "s, MiB", StartAsync);
        }
    }

    private bool IsWanted(string part) => _parts.Count == 0 || _parts.Contains(part);

    private async Task LatencyAsync(string name, string label, bool reuse)
    {
        await RepeatAsync(name, "ms p50, p99; of the server alone p50, p99", async () =>
        {
            if (reuse)
            {
                await _zuul.PopulateAsync(OneByOne + 5, label);
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            }

            var (times, floor) = (new double[OneByOne], new double[OneByOne]);
            for (var i = 0; i < times.Length; i++)
            {
                floor[i] = (await _zuul.MeasureServerAsync()).TotalMilliseconds;
                times[i] = (await LifeAsync(label, reuse)).TotalMilliseconds;
            }

            return [Percentile(times, 50), Percentile(times, 99), Percentile(floor, 50), Percentile(floor, 99)];
        });
    }

    private static double Percentile(double[] values, int percent) => values.Order().ElementAt((int)Math.Ceiling(values.Length * percent / 100.0) - 1);

    /// <summary>One node from request to gone.</summary>
    /// <returns>How long the client waited for it.</returns>
    private async Task<TimeSpan> LifeAsync(string label, bool reuse)
    {
        var (request, node, waited) = await _zuul.AskAsync(label, reuse);
        await _zuul.ReleaseAsync(node, await _zuul.TakeAsync(request, node));
        return waited;
    }

    private async Task BurstAsync(int size)
    {
        await RepeatAsync($"burst of {size}", "nodes/s fulfilled, nodes/s deleted, requests per node life, CPU s per 1,000 lives, MiB", async () =>
        {
            var (packets, cpu) = (await PacketsAsync(), Launcher.CpuSeconds);
            var start = Stopwatch.GetTimestamp();
            var given = await Task.WhenAll(Enumerable.Range(0, size).Select(_ => _zuul.AskAsync("fresh", reuse: false)));
            var fulfilled = size / Stopwatch.GetElapsedTime(start).TotalSeconds;
            var taken = await Task.WhenAll(given.Select(async one => (one.Node, Contender: await _zuul.TakeAsync(one.Request, one.Node))));
            start = Stopwatch.GetTimestamp();
            await Task.WhenAll(taken.Select(one => _zuul.ReleaseAsync(one.Node, one.Contender)));
            var deleted = size / Stopwatch.GetElapsedTime(start).TotalSeconds;
            return [fulfilled, deleted, (await PacketsAsync() - packets) / (double)size, (Launcher.CpuSeconds - cpu) * 1000 / size, Launcher.Rss];
        });
    }

    private async Task<double[]> IdleAsync()
    {
        var time = TimeSpan.FromSeconds(20);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        var (packets, cpu) = (await PacketsAsync(), Launcher.CpuSeconds);
        await Task.Delay(time, TimeProvider.System);
        return [(Launcher.CpuSeconds - cpu) * 100 / time.TotalSeconds, (await PacketsAsync() - packets) / time.TotalSeconds, Launcher.Rss];
    }

    private Task<double[]> ListAsync()
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(Programs.Commands, ["-c", Config, "list"]) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Task.FromResult<double[]>([Stopwatch.GetElapsedTime(start).TotalSeconds]);
    }

    private async Task<double[]> StartAsync()
    {
        await Launcher.StopAsync();
        Launcher.Dispose();
        var asking = _zuul.AskAsync("kept", reuse: true);
        var start = Stopwatch.GetTimestamp();
        _launcher = new LauncherProcess(Config, Path.Combine(_directory, "launcher.log"));
        var (request, node, _) = await asking;
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await _zuul.ReleaseAsync(node, await _zuul.TakeAsync(request, node));
        return [took, Launcher.Rss];
    }

    /// <summary>Requests of everybody but the client, pings among them.</summary>
    private async Task<long> PacketsAsync()
    {
        var answer = await _server.AskAsync("mntr", default);
        var line = answer.Split('\n').First(line => line.StartsWith("zk_packets_received\t", StringComparison.Ordinal));
        return long.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture) - _zuul.RequestsSent;
    }

    private async Task RepeatAsync(string name, string unit, Func<Task<double[]>> measure)
    {
        var results = new List<double[]>();
        for (var run = 0; run < _runs; run++)
        {
            results.Add(await measure());
        }

        Tell(name, unit, [.. Enumerable.Range(0, results[0].Length).Select(i => results.Select(one => one[i]).Order().ElementAt(_runs / 2))]);
    }

    private void Tell(string name, string unit, double[] values) =>
        _output.WriteLine($"{name,-50} {string.Join("  ", values.Select(value => value.ToString(value < 100 ? "0.00" : "0", CultureInfo.InvariantCulture))),-32} {unit}");

    private string ConfigOf(TestCertificates certificates) =>
        $"""
        state-dir: .
        zookeeper-servers:
          - host: localhost
            port: {_server.SecurePort}
        zookeeper-tls:
          cert: {certificates.ClientCertificate}
          key: {certificates.ClientKey}
          ca: {certificates.Authority}
        labels:
          - name: kept
          - name: fresh
        providers:
          - name: cloud
            driver: fake
            rate: 0.0001
            pools:
              - name: main
                max-servers: 20000
                labels:
                  - name: kept
                    cloud-image: any
                    host-key-checking: false
                    min-ram: 1024
                  - name: fresh
                    cloud-image: any
                    host-key-checking: false
                    min-ram: 1024
            cloud-images:
              - name: any
        """;
}
