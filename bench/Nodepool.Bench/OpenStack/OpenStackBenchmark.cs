using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Bench.ZooKeeper;
using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.View;
using Nodepool.State.Sqlite;
using Nodepool.Testing.OpenStackLab;

namespace Nodepool.Bench.OpenStack;

/// <summary>
/// <c>nodepool launcher</c> on a real OpenStack whose machines are only said to run: one node from request to gone, then many at once. All calls pass
/// a proxy that counts them. There is no nodescan: what is measured ends where the cloud and the driver end.
/// </summary>
internal sealed class OpenStackBenchmark : IAsyncDisposable
{
    private const string Label = "small";
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter _output;
    private readonly string _directory;
    private readonly LabProject _project;
    private readonly FaultProxy _proxy;
    private readonly SqliteEngine _engine;
    private readonly ClusterFeed _feed;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _following;

    private OpenStackBenchmark(TextWriter output, string directory, LabProject project, FaultProxy proxy, SqliteEngine engine)
    {
        (_output, _directory, _project, _proxy, _engine) = (output, directory, project, proxy, engine);
        _feed = new ClusterFeed(engine, Sources.Time);
        _following = _feed.RunAsync(_stop.Token);
    }

    private static Sources Sources { get; } = SystemSources.Create();

    /// <summary>The first argument may say how many nodes at once (100).</summary>
    public static async Task RunAsync(TextWriter output, IReadOnlyList<string> arguments)
    {
        var count = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 100;
        await using var lab = await Lab.StartAsync(default);
        await using var project = await lab.CreateProjectAsync(default);
        await using var proxy = await FaultProxy.StartAsync(lab, default);
        var directory = Directory.CreateTempSubdirectory("nodepool-bench-").FullName;
        var engine = await SqliteEngine.OpenAsync(Path.Combine(directory, "state.db"), Sources, NullLogger.Instance, default);
        await using var benchmark = new OpenStackBenchmark(output, directory, project, proxy, engine);
        await benchmark.MeasureAsync(count);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _engine.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task MeasureAsync(int count)
    {
        var clouds = Path.Combine(_directory, "clouds.yaml");
        await File.WriteAllTextAsync(clouds, "clouds:\n" + _project.CloudsEntry("lab", proxy: _proxy));
        Environment.SetEnvironmentVariable("OS_CLIENT_CONFIG_FILE", clouds);
        var image = await _project.CreateImageAsync("debian", new Dictionary<string, string>(), default);
        var config = Path.Combine(_directory, "nodepool.yaml");
        await File.WriteAllTextAsync(config, ConfigOf(count, image));
        _output.WriteLine($"launcher: {Programs.Daemon}");
        using var launcher = new LauncherProcess(config, Path.Combine(_directory, "launcher.log"));
        await UntilAsync("a launcher that serves", view => view.Pools.Any());
        await LivesAsync("one node, the first", 1);
        await LivesAsync("one node", 1);
        await LivesAsync($"{count} nodes at once", count);
        _output.WriteLine("There are no figures of the Python program with this driver to put beside.");
        await launcher.StopAsync();
    }

    /// <summary>Nodes from request to gone.</summary>
    private async Task LivesAsync(string name, int count)
    {
        var calls = _proxy.Calls.Count;
        var began = Stopwatch.GetTimestamp();
        var requests = new RequestActions(_engine, Sources, new ClientIdentity("bench", "bench"));
        var asked = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => requests.SubmitAsync(new NewNodeRequest { Labels = [Label], Requestor = "bench" }, endsWithSession: false, default).AsTask()));
        await UntilAsync("an end of all requests", view => asked.All(id => view.Requests.GetValueOrDefault(id)?.Record?.State is RequestState.Fulfilled or RequestState.Failed));
        var launched = Stopwatch.GetElapsedTime(began);
        var failed = asked.Count(id => _feed.Current.Requests[id].Record!.State == RequestState.Failed);
        var waits = await WaitsAsync();
        var toLaunch = _proxy.Calls.Count - calls;

        var nodes = new NodeActions(_engine, Sources, new ClientIdentity("bench", "bench"));
        began = Stopwatch.GetTimestamp();
        await Task.WhenAll(asked.Where(id => _feed.Current.Requests[id].Record!.State == RequestState.Fulfilled).Select(async id =>
        {
            foreach (var node in await requests.TakeAsync(id, default))
            {
                await nodes.ReturnAsync(node.Id, default);
            }
        }));
        await UntilAsync("no nodes", view => view.Nodes.ById.IsEmpty);
        var deleted = Stopwatch.GetElapsedTime(began);

        _output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {launched.TotalSeconds:F1} s to READY ({count / launched.TotalMinutes:F1} nodes/min), {deleted.TotalSeconds:F1} s to gone, {failed} failed"));
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  ACTIVE to READY: {waits[waits.Count / 2]:F1} s p50, {waits[^1]:F1} s max (Nova tells whole seconds)"));
        var all = _proxy.Calls.Skip(calls).ToList();
        var kinds = string.Join(", ", all.CountBy(Kind).OrderByDescending(kind => kind.Value).Select(kind => $"{kind.Key} {kind.Value}"));
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  API calls per node life: {(double)all.Count / count:F2} ({(double)toLaunch / count:F2} until READY); {kinds}"));
    }

    /// <summary>Seconds from Nova's ACTIVE to our READY, sorted.</summary>
    private async Task<List<double>> WaitsAsync()
    {
        var servers = (await _project.ServersAsync(default)).ToDictionary(server => server.Id);
        var waits = from node in _feed.Current.Nodes.ById.Values
                    let record = node.Record
                    where record is { State: NodeState.Ready }
                    let launched = servers.GetValueOrDefault(record.ExternalId.AsText() ?? "")?.Launched
                    where launched is not null
                    select record.StateTime - (launched.Value.ToUnixTimeMilliseconds() / 1000.0);
        return [.. waits.Order().DefaultIfEmpty(double.NaN)];
    }

    private static string Kind(CloudCallSeen call)
    {
        // Ids make calls differ that are of one kind.
        var parts = call.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part[0] is not 'v').Select(part => part.Length is 32 or 36 ? "ID" : part);
        return $"{call.Method} {call.Service} {string.Join('/', parts)}";
    }

    private async Task UntilAsync(string what, Func<ClusterView, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(15), TimeProvider.System);
        using var wake = _feed.Subscribe();
        while (!isSo(_feed.Current))
        {
            if (patience.IsCancellationRequested)
            {
                throw new InvalidOperationException($"never came: {what}; the launcher said:\n{await File.ReadAllTextAsync(Path.Combine(_directory, "launcher.log"))}");
            }

            await wake.WaitAsync(Glance, default);
        }
    }

    private static string ConfigOf(int count, string image) =>
        $"""
        state-dir: .
        labels:
          - name: {Label}
        providers:
          - name: cloud
            driver: openstack
            cloud: lab
            rate: 0
            cloud-images:
              - name: debian
                image-id: {image}
            pools:
              - name: main
                max-servers: {count}
                networks: [{Lab.Network}]
                host-key-checking: false
                labels:
                  - name: {Label}
                    cloud-image: debian
                    flavor-name: {Lab.Flavor}
        """;
}
