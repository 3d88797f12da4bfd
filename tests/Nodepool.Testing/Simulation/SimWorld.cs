using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Following;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.Providers;
using Nodepool.Core.View;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Providers.Metastatic;
using Nodepool.Providers.Static;
using Nodepool.State.Memory;

namespace Nodepool.Testing.Simulation;

/// <summary>Everything that exists in one simulation.</summary>
internal sealed class SimWorld
{
    /// <summary>Who scans a node knows its address and not its cloud.</summary>
    private const int AddressesOfACloud = 1_000_000;

    private readonly List<FakeServer> _none = [];
    private readonly Random _lives;
    private string? _failure;

    /// <param name="seed">Determines everything.</param>
    /// <param name="trace">Gets every line of the trace; null for none.</param>
    /// <param name="plan">What exists and how often what goes wrong.</param>
    public SimWorld(int seed, TextWriter? trace, SimPlan plan)
    {
        Seed = seed;
        Replay = plan.Replay;
        var random = new Random(seed);
        Scheduler = new SimScheduler(new Random(random.Next())) { Disorder = random.Next(3) / 2.0 };
        Trace = new SimTrace(Scheduler, trace);
        Scheduler.Chosen = Trace.Choice;
        Nature = new SimProcess(Scheduler, "nature", Actors.None, random.Next());
        Observer = new SimProcess(Scheduler, "observer", Actors.None, random.Next());
        var rates = plan.Rates(random);
        Faults = new SimFaults(new Random(random.Next()), rates);
        _lives = new Random(random.Next());
        Tree = new MemoryTree(Nature.Time);
        Model = new SimModel(this);
        NodeRules = new NodeRules(this);
        TenantRules = new TenantRules(this);
        RequestRules = new RequestRules(this);
        CloudRules = new CloudRules(this);
        _ = new DeadlineRules(this);
        Images = new ImageRules(this);
        Builds = new BuildRules(this);
        Configurations = new ConfigPublisher(plan.Config(random));
        foreach (var provider in Config.Providers.Where(provider => provider.Driver == "fake"))
        {
            Clouds[provider.Name] = NewCloud(provider.Name, plan, random);
        }
    }

    public int Seed { get; }

    /// <summary>The command that runs it again.</summary>
    public string Replay { get; }

    public SimScheduler Scheduler { get; }

    public SimTrace Trace { get; }

    public SimFaults Faults { get; }

    public MemoryTree Tree { get; }

    public SimModel Model { get; }

    public NodeRules NodeRules { get; }

    public TenantRules TenantRules { get; }

    public RequestRules RequestRules { get; }

    public CloudRules CloudRules { get; }

    public ImageRules Images { get; }

    public BuildRules Builds { get; }

    /// <summary>Builders' disks by the builders' ids.</summary>
    public SortedDictionary<string, SimDisk> Disks { get; } = new(StringComparer.Ordinal);

    /// <summary>The configuration file: what the operator wrote last.</summary>
    public ConfigPublisher Configurations { get; }

    /// <summary>What the file says; processes may not have noticed yet.</summary>
    public NodepoolConfig Config => Configurations.Current.Config;

    public Dictionary<string, FakeCloud> Clouds { get; } = new(StringComparer.Ordinal);

    /// <summary>What happens by itself: clouds, the ends of sessions.</summary>
    public SimProcess Nature { get; }

    /// <summary>Sees every change right after the step that made it.</summary>
    public SimProcess Observer { get; }

    /// <summary>The file has been written for the last time: whoever stopped now would leave the nodes of a provider that was taken out to nobody.</summary>
    public bool IsLastFile { get; set; }

    /// <summary>Roles that have died or are about to stop, and are not started again yet.</summary>
    public HashSet<string> Absent { get; } = new(StringComparer.Ordinal);

    /// <summary>The operator's last deed: this provider shall be empty in the end.</summary>
    public string? LastDrain { get; set; }

    /// <summary>What was done, for the report that a run is worth something.</summary>
    public SimTally Tally { get; } = new();

    /// <summary>A minute has passed: for rules about how long something may last.</summary>
    public event Action? MinutePassed;

    /// <summary>Called when a process dies.</summary>
    public Dictionary<SimProcess, Action> OnDeath { get; } = [];

    /// <summary>A new life of a process.</summary>
    public SimProcess NewProcess(string name, Actors actors) => new(Scheduler, name, actors, _lives.Next());

    /// <param name="process">Who opens it.</param>
    /// <param name="config">Its section.</param>
    /// <param name="feed">The process's view; null for one that launches nothing.</param>
    public IProvider Open(SimProcess process, ProviderConfig config, ClusterFeed? feed = null)
    {
        var context = new DriverContext(process.Sources, NullLoggerFactory.Instance, "/nowhere") { Feed = feed };
        return config.Driver switch
        {
            "static" => new StaticDriver(SimScanner.Of(this, process)).Open(config, context),
            "metastatic" => new MetastaticDriver().Open(config, context),
            _ => new SimProvider(this, process, config, new FakeProvider(config, Clouds[config.Name])),
        };
    }

    public IReadOnlyList<FakeServer> Servers(string? provider) =>
        provider is not null && Clouds.TryGetValue(provider, out var cloud) ? cloud.Truth.Servers : _none;

    /// <summary>Tells those who look once a minute.</summary>
    public void PassMinute() => MinutePassed?.Invoke();

    /// <summary>The first broken rule ends the run.</summary>
    public void Fail(string message)
    {
        Trace.Line("RULE", message);
        _failure ??= message;
    }

    public void Require(bool holds, string message)
    {
        if (!holds)
        {
            Fail(message);
        }
    }

    public void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw new SimulationException(Seed, Replay, failure, Trace.Tail());
        }
    }

    /// <summary>Ends a process: nothing of it runs any more; its sessions end when the store misses it.</summary>
    public void Kill(SimProcess process, string where)
    {
        Trace.Line(process.Name, $"KILLED {where}");
        Tally.Kills++;
        process.Kill();
        foreach (var session in Model.SessionsOf(process))
        {
            Expire(session, Faults.UpTo(30));
        }

        if (OnDeath.Remove(process, out var onDeath))
        {
            onDeath();
        }
    }

    /// <summary>Ends a session after a while.</summary>
    public void Expire(long session, TimeSpan after) => After(after, () =>
    {
        Trace.Line("nature", $"session {session} expires");
        Tree.Expire(session);
    });

    /// <summary>Does something later, whoever is dead by then.</summary>
    public void After(TimeSpan time, Action what) =>
        _ = new SimTimer(Scheduler, Nature, _ => what(), null, time, Timeout.InfiniteTimeSpan);

    private FakeCloud NewCloud(string provider, SimPlan plan, Random random)
    {
        var sources = SeededSources.Create(Nature.Time, random.Next());
        var cloud = new FakeCloud(sources);
        cloud.Behaviour.FirstAddress = Clouds.Count * AddressesOfACloud;
        cloud.Behaviour.Decide = (operation, subject) =>
        {
            CloudRules.Check(provider, operation, subject);
            return Faults.Strikes(Faults.Rates.Cloud) ? Fate(operation) : null;
        };
        plan.Shape(provider, cloud, sources, Faults, random);
        return cloud;
    }

    private FakeFate Fate(FakeOperation operation)
    {
        if (operation != FakeOperation.Create)
        {
            return Faults.Pick<FakeFate>(
            [
                FakeFate.Fails(ProviderFault.Unavailable), FakeFate.Fails(ProviderFault.Throttled), new() { LosesAnswer = true },
            ]);
        }

        return Faults.Pick<FakeFate>(
        [
            FakeFate.Fails(ProviderFault.Unavailable), FakeFate.Fails(ProviderFault.Throttled), FakeFate.Fails(ProviderFault.QuotaExceeded),
            FakeFate.Fails(ProviderFault.CapacityUnavailable), FakeFate.Fails(ProviderFault.Rejected), new() { LosesAnswer = true },
            new() { EndsIn = ProviderFault.CapacityUnavailable }, new() { IsMute = true }, new() { InFlight = Faults.UpTo(20) },
            new() { InFlight = Faults.UpTo(20), LosesAnswer = true },
        ]);
    }
}
