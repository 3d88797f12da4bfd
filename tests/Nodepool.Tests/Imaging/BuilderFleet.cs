using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.View;
using Nodepool.State.Memory;
using Nodepool.Testing.Simulation;
using Nodepool.Testing.Imaging;

namespace Nodepool.Tests.Imaging;

/// <summary>Several builders on one store, on the simulator's scheduler and clock, with an image tool that only takes time. They can be killed.</summary>
internal sealed class BuilderFleet
{
    private const long MostSteps = 3_000_000;
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(3);

    private readonly SimScheduler _scheduler;
    private readonly SimProcess _nature;
    private readonly MemoryTree _tree;
    private readonly NodepoolConfig _config;
    private readonly ClusterFeed _seen;
    private (ClusterView View, int Waiting, double NextDue) _last = (new ClusterView(), 0, 0);

    public BuilderFleet(int builders, int workers, NodepoolConfig config, int seed)
    {
        Random = new Random(seed);
        Workers = workers;
        _config = config;
        _scheduler = new SimScheduler(new Random(seed));
        _nature = new SimProcess(_scheduler, "nature", Actors.None, 1);
        _tree = new MemoryTree(_nature.Time);
        Engine = new YieldingEngine(_tree.Open(_nature.Sources));
        _seen = new ClusterFeed(Engine, _nature.Time);
        _nature.Start(() => _seen.RunAsync(CancellationToken.None));
        Members = [.. Enumerable.Range(1, builders).Select(n => new Member(this, $"builder{n}"))];
    }

    public Random Random { get; }

    public int Workers { get; }

    public IReadOnlyList<Member> Members { get; }

    public YieldingEngine Engine { get; }

    public ClusterView View => _seen.Current;

    /// <summary>Builds that went to their end.</summary>
    public int Completed { get; private set; }

    /// <summary>The longest time for which a worker had nothing to do although a build was due.</summary>
    public TimeSpan LongestIdle { get; private set; }

    /// <summary>Begins something at the store.</summary>
    public void Begin(Func<Task> what) => _nature.Start(what);

    /// <summary>Calls after a time.</summary>
    public void After(TimeSpan time, Action what) => _ = new SimTimer(_scheduler, _nature, _ => what(), null, time, Timeout.InfiniteTimeSpan);

    /// <summary>Lets time pass until something holds, and watches the workers meanwhile.</summary>
    public void Until(Func<bool> holds, string what, bool watchesWorkers = false)
    {
        var (end, last) = (_scheduler.Elapsed + TimeSpan.FromHours(3), _scheduler.Steps + MostSteps);
        var idleSince = _scheduler.Elapsed;
        while (!holds())
        {
            // A step may begin with a jump of the clock: what was so before it was so until then.
            var wasBusy = !watchesWorkers || Members.Sum(member => member.Running) == Workers * Members.Count || Waiting() == 0;
            Assert.True(_scheduler.Step() && _scheduler.Elapsed < end && _scheduler.Steps < last, $"never: {what}");
            idleSince = wasBusy ? _scheduler.Elapsed : idleSince;
            LongestIdle = TimeSpan.FromTicks(Math.Max(LongestIdle.Ticks, (_scheduler.Elapsed - idleSince).Ticks));
        }
    }

    /// <summary>Builds that could begin now.</summary>
    private int Waiting()
    {
        var now = _nature.Sources.UnixNow;
        if (!ReferenceEquals(_last.View, View) || now >= _last.NextDue)
        {
            var plan = BuildPlanner.Plan(View, _config, now);
            _last = (View, plan.Orders.Count, plan.NextDue ?? double.PositiveInfinity);
        }

        return _last.Waiting;
    }

    /// <summary>One builder: its disk, and its process of the moment.</summary>
    internal sealed class Member(BuilderFleet fleet, string name)
    {
        private int _lives;
        private SimProcess? _process;
        private long _session;
        private int[] _running = [0];

        public SimDisk Disk { get; } = new("id-of-" + name);

        /// <summary>Builds that its tool works on.</summary>
        public int Running => _running[0];

        public void Start()
        {
            var process = new SimProcess(fleet._scheduler, $"{name}.{++_lives}", Actors.Builder, fleet.Random.Next());
            var session = fleet._tree.Open(process.Sources);
            var engine = new YieldingEngine(session);
            var feed = new ClusterFeed(engine, process.Time);
            (_process, _session, _running) = (process, session.SessionId, [0]);
            var tools = new BuildTools([new TimedTool(fleet, process, Disk, _running)], new SimBuildLogs());
            var context = new BuilderContext(engine, feed, process.Sources, NullLoggerFactory.Instance, tools, new NoHook(), new BuilderOptions { Hostname = name, Version = "1", BuildWorkers = fleet.Workers });
            process.Start(() => feed.RunAsync(CancellationToken.None));
            process.Start(() => new BuilderRole(context, _ => Disk, _ => throw new NotSupportedException(), Configurations(process)).RunAsync(CancellationToken.None));
        }

        /// <summary><c>kill -9</c>; it is started again after a while. Does nothing while it is dead.</summary>
        public bool Kill(TimeSpan startsAfter)
        {
            if (_process is not { } process)
            {
                return false;
            }

            var session = _session;
            process.Kill();
            (_process, _running) = (null, [0]);
            fleet.After(SessionTimeout, () => fleet._tree.Expire(session));
            fleet.After(startsAfter, Start);
            return true;
        }

        private async IAsyncEnumerable<NodepoolConfig> Configurations(SimProcess process)
        {
            yield return fleet._config;
            await Task.Delay(Timeout.InfiniteTimeSpan, process.Time);
        }
    }

    private sealed class TimedTool(BuilderFleet fleet, SimProcess process, SimDisk disk, int[] running) : IImageTool
    {
        public string Name => "diskimage-builder";

        public async Task<ImageBuildResult> BuildAsync(ImageBuildOrder order, IProgress<string> phase, CancellationToken ct)
        {
            running[0]++;
            try
            {
                disk.Write(order.OutputPath, isComplete: false);
                phase.Report("first half");
                await Task.Delay(TimeSpan.FromSeconds(2 + (fleet.Random.NextDouble() * 10)), process.Time, ct);
                phase.Report("second half");
                await Task.Delay(TimeSpan.FromSeconds(2 + (fleet.Random.NextDouble() * 10)), process.Time, ct);
                disk.Write(order.OutputPath, isComplete: true);
                fleet.Completed++;
                return new ImageBuildResult(order.Formats.ToDictionary(format => format, format => $"{order.OutputPath}.{format}"));
            }
            finally
            {
                running[0]--;
            }
        }
    }
}
