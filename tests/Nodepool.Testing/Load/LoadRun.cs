using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.State.Memory;
using Nodepool.Testing.Clouds;
using Nodepool.Testing.Providers;
using Nodepool.Testing.Simulation;

namespace Nodepool.Testing.Load;

/// <summary>
/// A launcher of the product over simulated clouds, under the bursts of a merge queue and a trickle besides, on the simulator's clock: fifty minutes take seconds, and the same seed
/// gives the same requests whatever the launcher makes of them.
/// </summary>
internal sealed class LoadRun
{
    private const int Room = 60;

    private static readonly TimeSpan Length = TimeSpan.FromMinutes(50);
    private static readonly TimeSpan BetweenBursts = TimeSpan.FromMinutes(2);

    /// <summary>Whoever has no nodes after so long has given up.</summary>
    private static readonly TimeSpan Useful = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    private readonly SimScheduler _scheduler;
    private readonly SimProcess _process;
    private readonly YieldingEngine _engine;
    private readonly ClusterFeed _feed;
    private readonly NodepoolConfig _config;
    private readonly ValueList<string> _labels;
    private readonly Dictionary<string, FakeCloud> _clouds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _attempts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _served = new(StringComparer.Ordinal);
    private readonly List<double> _waits = [];
    private readonly Random _random;
    private int _open;
    private int _failed;

    private LoadRun(LoadScenario scenario, LoadSetting setting, int seed, SimScheduler scheduler, SimProcess process, YieldingEngine engine)
    {
        _random = new Random(seed);
        (_scheduler, _process, _engine) = (scheduler, process, engine);
        _feed = new ClusterFeed(_engine, _process.Time);
        _labels = [.. Enumerable.Range(0, scenario.Labels).Select(number => $"small{number}")];
        var providers = scenario.Clouds.Select((profile, i) => Provider($"cloud{i + 1}", setting)).ToValueList();
        _config = new NodepoolConfig { Labels = [.. _labels.Select(name => new LabelConfig { Name = name })], Providers = providers };
        foreach (var (profile, provider) in scenario.Clouds.Zip(providers))
        {
            _clouds[provider.Name] = Cloud(profile, scenario, seed);
        }
    }

    /// <summary>Runs it to the end.</summary>
    public static LoadResult Of(LoadScenario scenario, LoadSetting setting, int seed)
    {
        var outer = SynchronizationContext.Current;
        try
        {
            var scheduler = new SimScheduler(new Random(seed));
            var process = new SimProcess(scheduler, "launcher", Actors.Launcher, seed);
            return new LoadRun(scenario, setting, seed, scheduler, process, new YieldingEngine(new MemoryTree(process.Time).Open(process.Sources))).Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private LoadResult Run()
    {
        var context = new LauncherContext(_engine, _feed, _process.Sources, NullLoggerFactory.Instance, new FakeNodeScanner(_process.Time, _ => ScanScript.Never), "host", "1");
        _process.Start(() => _feed.RunAsync(CancellationToken.None));
        _process.Start(() => new LauncherRole(context, section => new FakeProvider(section, _clouds[section.Name]), OnceAsync()).RunAsync(CancellationToken.None));
        _process.Start(RequestAsync);
        while ((_scheduler.Elapsed < Length || _open > 0) && _scheduler.Elapsed < Longest && _scheduler.Step())
        {
        }

        return new LoadResult(
            [.. _waits.Order()], _failed + _open, _waits.Count(wait => wait > Useful.TotalSeconds), _attempts.Count, _attempts.Count - _served.Count, _clouds.Values.Sum(Calls));
    }

    private async IAsyncEnumerable<NodepoolConfig> OnceAsync()
    {
        yield return _config;
        await SimProcess.Never;
    }

    /// <summary>Changes of a merge queue ask together; others whenever they come.</summary>
    private async Task RequestAsync()
    {
        var number = 0;
        for (var next = TimeSpan.FromSeconds(5); next < Length; next += BetweenBursts)
        {
            var times = Enumerable.Repeat(next, 20).Concat(Enumerable.Range(0, 12).Select(_ => next + (BetweenBursts * _random.NextDouble()))).Order().ToList();
            foreach (var at in times)
            {
                var (id, label, nodes, work) = ($"200-{number:D10}", _labels[number++ % _labels.Count], _random.Next(6) == 0 ? 2 : 1, TimeSpan.FromSeconds(30 + (90 * _random.NextDouble())));
                if (at > _scheduler.Elapsed)
                {
                    await Task.Delay(at - _scheduler.Elapsed, _process.Time);
                }

                _open++;
                _process.Start(() => UseAsync(id, Enumerable.Repeat(label, nodes).ToValueList(), work));
            }
        }
    }

    /// <summary>Asks for nodes, works with them, gives them back.</summary>
    private async Task UseAsync(string id, ValueList<string> labels, TimeSpan work)
    {
        var begun = _process.Sources.UnixNow;
        var path = NodepoolPaths.Request(id);
        var record = new NodeRequestRecord
        {
            State = RequestState.Requested,
            StateTime = begun,
            CreatedTime = begun,
            NodeTypes = labels,
            Requestor = "zuul",
            RequestorData = RawJson.Null,
        };
        await _engine.CommitAsync([new Write.Create(path, record.Write(), CreateModes.Persistent)], CancellationToken.None);
        RequestView? request;
        while ((request = _feed.Current.Requests.GetValueOrDefault(id))?.IsOpen != false)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), _process.Time);
        }

        _open--;
        if (request.Record!.State == RequestState.Failed)
        {
            _failed++;
        }
        else
        {
            _waits.Add(request.Record.StateTime - begun);
            await Task.Delay(work, _process.Time);
        }

        List<Write> end = [new Write.Delete(path, Write.AnyVersion)];
        foreach (var node in request.Record.Nodes.Select(node => _feed.Current.Nodes.ById[node]))
        {
            _served.Add(node.Record!.Launch!.Token);
            end.Add(new Write.Set(NodepoolPaths.Node(node.Id), node.Record.To(NodeState.Used, _process.Sources.UnixNow).Write(), node.Version));
        }

        await _engine.CommitAsync(end, CancellationToken.None);
    }

    private FakeCloud Cloud(CloudProfile profile, LoadScenario scenario, int seed)
    {
        var sources = SeededSources.Create(_process.Time, seed);
        var cloud = new FakeCloud(sources);
        if (scenario.SlowZone > TimeSpan.Zero)
        {
            cloud.Behaviour.Zones = ["a", "b", "c"];
            cloud.Behaviour.ZoneLatency = zone => zone == "c" ? scenario.SlowZone : TimeSpan.Zero;
        }

        cloud.Behaviour.Decide = (operation, subject) =>
        {
            if (operation == FakeOperation.Create)
            {
                _attempts.Add(subject);
            }

            return null;
        };
        profile.ApplyTo(cloud, sources);
        return cloud;
    }

    private static long Calls(FakeCloud cloud) => Enum.GetValues<FakeOperation>().Sum(cloud.Count);

    private ProviderConfig Provider(string name, LoadSetting setting) => new()
    {
        Name = name,
        Driver = "fake",
        IsGoverned = setting.IsGoverned,
        MaxConcurrency = setting.MaxConcurrency,
        LaunchTimeout = TimeSpan.FromMinutes(20),
        Pools =
        [
            new PoolConfig
            {
                Name = "main",
                Limits = Quota.Of((Quota.Instances, Room)),
                Labels = [.. _labels.Select(name => new PoolLabelConfig { Name = name, HostKeyChecking = false, Options = new FakeLabelOptions(FakeFlavor.All[0]) })],
            },
        ],
    };
}
