using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Following;
using Nodepool.Core.Images;
using Nodepool.Core.Launching;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.Providers;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Providers.Metastatic;
using Nodepool.Providers.Static;
using Nodepool.State.Memory;
using Nodepool.Testing;
using Nodepool.Testing.Providers;
using Nodepool.Testing.Simulation;

namespace Nodepool.Tests.Launching;

/// <summary>One process with a role of the product, on the simulator's scheduler and clock; nothing goes wrong and everything is counted.</summary>
internal sealed class ReloadBed
{
    private const long MostSteps = 100_000;

    private readonly SimScheduler _scheduler = new(new Random(1));

    public ReloadBed(NodepoolConfig config)
    {
        Configurations = new ConfigPublisher(config);
        Process = new SimProcess(_scheduler, "launcher", Actors.Launcher, 1);
        Tree = new MemoryTree(Process.Time);
        Cloud = new FakeCloud(SeededSources.Create(Process.Time));

        // Time passes only between steps: a wait for less than the clock's tick would never end if calls took none.
        Cloud.Behaviour.ApiLatency = TimeSpan.FromMilliseconds(10);
        Engine = new YieldingEngine(Tree.Open(Process.Sources));
        Scanner = new FakeNodeScanner(Process.Time, order => Hosts.GetValueOrDefault(order.Host)
            ?? (Cloud.At(order.Host) is { IsMute: false } server && server.StateAt(Cloud.Now) == FakeServerState.Active ? ScanScript.AtOnce("ssh-ed25519 " + server.Id) : ScanScript.Never));
        Feed = new ClusterFeed(Engine, Process.Time);
    }

    public ConfigPublisher Configurations { get; }

    public SimProcess Process { get; }

    public MemoryTree Tree { get; }

    public YieldingEngine Engine { get; }

    public ClusterFeed Feed { get; }

    /// <summary>The one cloud of all providers.</summary>
    public FakeCloud Cloud { get; }

    /// <summary>Machines that are no cloud's, and what a nodescan finds there.</summary>
    public Dictionary<string, ScanScript> Hosts { get; } = new(StringComparer.Ordinal);

    /// <summary>Looks at machines of the cloud and at hosts.</summary>
    public FakeNodeScanner Scanner { get; }

    /// <summary>What the launcher's operator has switched off.</summary>
    public LauncherOptions Options { get; set; } = LauncherOptions.All;

    /// <summary>What tells the launcher of jobs.</summary>
    public IJobEvents? JobEvents { get; set; }

    /// <summary>What was opened, in order.</summary>
    public List<ProviderConfig> Opened { get; } = [];

    public int Closed { get; private set; }

    public NodepoolConfig Config => Configurations.Current.Config;

    /// <summary>Begins to run a launcher.</summary>
    public ReloadBed StartLauncher()
    {
        var context = new LauncherContext(Engine, Feed, Process.Sources, NullLoggerFactory.Instance, Scanner, "host", "1") { Options = Options, JobEvents = JobEvents };
        return Start(() => new LauncherRole(context, Open, FollowAsync()).RunAsync(CancellationToken.None));
    }

    public ReloadBed Start(Func<Task> role)
    {
        Process.Start(() => Feed.RunAsync(CancellationToken.None));
        Process.Start(role);
        return this;
    }

    public IProvider Open(ProviderConfig section)
    {
        Opened.Add(section);
        if (section.Driver == "static")
        {
            return new StaticDriver(Scanner).Open(section, new DriverContext(Process.Sources, NullLoggerFactory.Instance, "/nowhere"));
        }

        if (section.Driver == "metastatic")
        {
            return new MetastaticDriver().Open(section, new DriverContext(Process.Sources, NullLoggerFactory.Instance, "/nowhere") { Feed = Feed });
        }

        return new CountedProvider(new FakeProvider(section, Cloud), () => Closed++);
    }

    public async IAsyncEnumerable<NodepoolConfig> FollowAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        for (var snapshot = Configurations.Current; ; snapshot = await Configurations.NextAsync(snapshot.Revision, ct))
        {
            yield return snapshot.Config;
        }
    }

    /// <summary>Lets time pass until something holds.</summary>
    public void Until(Func<bool> holds, string what)
    {
        var (end, last) = (_scheduler.Elapsed + TimeSpan.FromMinutes(10), _scheduler.Steps + MostSteps);
        while (!holds())
        {
            Assert.True(_scheduler.Step() && _scheduler.Elapsed < end && _scheduler.Steps < last, $"never: {what}");
        }
    }

    public void Pass(TimeSpan time)
    {
        var end = _scheduler.Elapsed + time;
        var isOver = false;
        _ = new SimTimer(_scheduler, Process, _ => isOver = true, null, time, Timeout.InfiniteTimeSpan);
        Until(() => isOver || _scheduler.Elapsed >= end, "the time passes");
    }

    /// <summary>Does something of the process's own and waits for it.</summary>
    public void Do(Func<Task> what)
    {
        var isDone = false;
        Process.Start(async () =>
        {
            await what();
            isDone = true;
        });
        Until(() => isDone, "the test's own step ends");
    }

    public void Request(string id, params string[] labels) => Do(() => Engine.CommitAsync(
        [new Write.Create(
            NodepoolPaths.Request(id),
            new NodeRequestRecord { State = RequestState.Requested, StateTime = 0, NodeTypes = labels.ToValueList(), Requestor = "zuul", RequestorData = RawJson.Null }.Write(),
            CreateModes.Persistent)],
        CancellationToken.None).AsTask());

    public NodeRequestRecord? Stored(string request) => Feed.Current.Requests.GetValueOrDefault(request)?.Record;

    /// <summary>The first node that is being made or was made of a label.</summary>
    public NodeView? Node(string label) =>
        Feed.Current.Nodes.ById.Values.Where(node => node.Record?.Type.Contains(label) == true).MinBy(node => node.Id, StringComparer.Ordinal);

    public ComponentRecord? Pool(string name) => Feed.Current.Pools.SingleOrDefault(pool => pool.Name == name);

    /// <summary>Counts its disposal.</summary>
    private sealed class CountedProvider(FakeProvider inner, Action closed) : IProvider, IImageProvider, IZonedProvider
    {
        private bool _isClosed;

        public ValueTask<LaunchProgress> AdvanceLaunchAsync(LaunchOrder order, LaunchProgress progress, CancellationToken ct) => Live.AdvanceLaunchAsync(order, progress, ct);

        public ValueTask<DeleteProgress> AdvanceDeleteAsync(DeleteOrder order, CancellationToken ct) => Live.AdvanceDeleteAsync(order, ct);

        public IAsyncEnumerable<CloudResource> ListResourcesAsync(CancellationToken ct) => Live.ListResourcesAsync(ct);

        public ValueTask DeleteResourceAsync(CloudResource resource, CancellationToken ct) => Live.DeleteResourceAsync(resource, ct);

        public ValueTask<Quota> GetLimitsAsync(ProviderConfig section, CancellationToken ct) => Live.GetLimitsAsync(section, ct);

        public Quota GetCost(PoolConfig pool, PoolLabelConfig label) => Live.GetCost(pool, label);

        public async ValueTask<string> UploadImageAsync(ImageUploadOrder order, IProgress<double> progress, CancellationToken ct)
        {
            var id = await Live.UploadImageAsync(order, progress, ct);
            Assert.False(_isClosed, "the provider was closed under an upload");
            return id;
        }

        public ValueTask<string?> RecoverImageAsync(ImageUploadOrder order, CancellationToken ct) => Live.RecoverImageAsync(order, ct);

        public ValueTask DeleteImageAsync(string externalId, CancellationToken ct) => Live.DeleteImageAsync(externalId, ct);

        public ValueTask<ValueList<string>> GetZonesAsync(PoolConfig pool, CancellationToken ct) => Live.GetZonesAsync(pool, ct);

        public ValueTask DisposeAsync()
        {
            Assert.False(_isClosed, "closed twice");
            _isClosed = true;
            closed();
            return inner.DisposeAsync();
        }

        private FakeProvider Live => _isClosed ? throw new InvalidOperationException("used after it was closed") : inner;
    }
}
