using System.Collections;
using System.Diagnostics.Metrics;
using Nodepool.Cli;
using Nodepool.Configuration;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Following;
using Nodepool.Core.Images;
using Nodepool.Core.Imaging;
using Nodepool.Core.Launching;
using Nodepool.Core.Launching.Governing;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Daemons;
using Nodepool.Diagnostics;
using Nodepool.Guide;
using Nodepool.ImageTools;
using Nodepool.JobEvents;
using Nodepool.Metrics;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Local;
using Nodepool.Providers.Metastatic;
using Nodepool.Providers.OpenStack;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.Scanning;
using Nodepool.Providers.Static;
using Nodepool.Providers;
using Nodepool.Uploads;
using Nodepool.Web;

namespace Nodepool.Roles;

/// <summary>What a process is made of: the one place where drivers, tools, store, feed and roles are put together.</summary>
internal sealed partial class Composition : IDisposable
{
    private readonly Sources _sources;
    private readonly Meter _meter = new("Nodepool");
    private readonly MetricCollector _metrics;
    private readonly SshNodeScanner _scanner;
    private readonly IReadOnlyList<IProviderDriver> _drivers;
    private readonly BuildTools _tools;
    private volatile ClusterFeed? _feed;

    public Composition(Sources sources)
    {
        _sources = sources;
        _metrics = new MetricCollector(_meter);
        _ = new GovernorInstruments(_meter, () => _feed?.Current);
        _scanner = new SshNodeScanner(sources.Time);
        _drivers = [new LocalDriver(), new StaticDriver(_scanner), new MetastaticDriver(), new FakeDriver(), new OpenStackDriver(new OpenStackClouds(EnvironmentVariables(), _meter, ProgramVersion.Text))];
        _tools = ImageToolset.Create(sources);
        Reader = new NodepoolConfigReader([.. _drivers, .. ProviderSchemas.WithoutDriver], Environment.GetEnvironmentVariable, [.. _tools.ImageTools.Select(tool => tool.Name)]);
    }

    /// <summary>Reads configuration files for these drivers and tools.</summary>
    public NodepoolConfigReader Reader { get; }

    /// <summary>Opens a provider whose driver is in this version.</summary>
    /// <param name="section">Its section, the part that stays the same while it is open.</param>
    /// <param name="config">The whole configuration.</param>
    /// <param name="loggers">Makes its loggers.</param>
    /// <param name="feed">Null where nothing is launched.</param>
    public IProvider Open(ProviderConfig section, NodepoolConfig config, ILoggerFactory loggers, ClusterFeed? feed = null) => _drivers.First(driver => driver.Name == section.Driver).Open(
        section, new DriverContext(_sources, loggers, StateFiles.Provider(config.StateDir, section.Name)) { Feed = feed });

    /// <summary>Hosts roles until they are told to stop.</summary>
    /// <returns>The exit status.</returns>
    public async Task<int> RunAsync(RoleOrder order, TextWriter say, StopSignal stop)
    {
        var logger = order.Loggers.CreateLogger("config");
        var source = ConfigFileSource.Open(order.Files, _sources.Time, logger, out _)
            ?? throw new CliException($"{order.Files.Names} was changed while it was read and is not valid now: nodepool config-validate");
        source.Instruments = new ConfigInstruments(_meter, source);
        await using var watch = ConfigFileWatch.Start(source, _sources.Time, logger);
        order.Reload.Raised += () => LogLook(logger);
        order.Reload.Raised += watch.Look;
        stop.Reload = order.Reload.Raise;
        using var stopping = stop.Requested.Register(() => Supervisor.Tell("STOPPING=1"));
        await using var diagnostics = new DiagnosticSignal(() => StateFiles.Profiles(source.Current.Config.StateDir), order.Loggers, _sources.Time);
        using var idle = new IdleCollection(new ManagedHeap(), _sources.Time, order.Loggers.CreateLogger("nodepool.memory"));
        var check = new CheckOutcome(stop);
        var status = await new RoleHost(ct => OpenAsync(order, source, say, check, ct), _sources, say, order.Loggers, order.Serving).RunAsync(stop);
        return check.Failure is { } failure ? throw failure : order.IsCheck && !check.IsDone ? ExitStatus.Interrupted : status;
    }

    public void Dispose()
    {
        _scanner.Dispose();
        _metrics.Dispose();
        _meter.Dispose();
    }

    /// <summary>One session of the store, the one watch on it, and the roles that live on both.</summary>
    private async Task<RoleSession> OpenAsync(RoleOrder order, IConfigSource configurations, TextWriter say, CheckOutcome check, CancellationToken ct)
    {
        var place = configurations.Current.Config.Store;
        var engine = await ConfiguredStore.OpenAsync(place, _sources, order.Loggers, ct);
        var feed = _feed = new ClusterFeed(engine, _sources.Time);
        var end = CancellationTokenSource.CreateLinkedTokenSource(engine.SessionEnded);
        var following = Task.WhenAll(
            FollowAsync(feed, end),
            new ProcessRegistration(engine, configurations, Itself(order), _sources).RunAsync(end.Token),
            ConfiguredStore.FollowAsync(engine, place, configurations, order.Loggers.CreateLogger("store"), end.Token));
        return new RoleSession(
            [.. order.Names.Select(name => Create(name, order, configurations, engine, feed)), .. Guides(order, configurations, engine, feed, say, check)],
            () => Farewell.Of(feed.Current, place),
            async () =>
            {
                await end.CancelAsync();
                await following;
                end.Dispose();
                await engine.DisposeAsync();
            },
            end.Token);
    }

    private static Dictionary<string, string> EnvironmentVariables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal);

    private static ProcessRecord Itself(RoleOrder order) => new()
    {
        Hostname = Environment.MachineName,
        ProcessId = Environment.ProcessId,
        Roles = order.Names.ToValueList(),
        ConfigFiles = order.Files.Names,
    };

    private IRole Create(string name, RoleOrder order, IConfigSource configurations, IStateEngine engine, ClusterFeed feed) => name switch
    {
        RoleOrder.Launcher => new LauncherRole(
            new LauncherContext(engine, feed, _sources, order.Loggers, _scanner, Environment.MachineName, ProgramVersion.Text) { Options = order.LauncherOptions, JobEvents = new ZmqJobEvents() },
            section => Open(section, configurations.Current.Config, order.Loggers, feed),
            configurations.FollowAsync()),
        RoleOrder.Builder => new BuilderRole(
            new BuilderContext(engine, feed, _sources, order.Loggers, _tools, new HookProgram(_sources.Time), new BuilderOptions
            {
                Hostname = Environment.MachineName,
                Version = ProgramVersion.Text,
                BuildWorkers = order.BuildWorkers,
                UploadWorkers = order.UploadWorkers,
            }),
            directory => new DiskBuildFiles(directory, _sources),
            section => Open(section, configurations.Current.Config, order.Loggers),
            configurations.FollowAsync()),
        RoleOrder.Web => new WebRole(feed, configurations, order.ConfigFile, _metrics, _sources, order.Loggers),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such role"),
    };

    /// <summary>Whoever sits at the terminal of <c>nodepool up</c> is told what happens; <c>--check</c> takes their place.</summary>
    private IEnumerable<IRole> Guides(RoleOrder order, IConfigSource configurations, IStateEngine engine, ClusterFeed feed, TextWriter say, CheckOutcome check)
    {
        if (order is not { IsGuided: true, Facts: { } facts })
        {
            yield break;
        }

        var guide = new UpGuide(feed, configurations, facts, _sources, say);
        yield return order.IsCheck
            ? new NamedRole("check", ct => check.RunAsync(new UpCheck(guide, engine, feed, configurations, facts, _sources, say), ct))
            : guide;
    }

    /// <summary>A picture that nobody renews any more must not be decided on: when the watch ends, so does the session.</summary>
    private static async Task FollowAsync(ClusterFeed feed, CancellationTokenSource end)
    {
        try
        {
            await feed.RunAsync(end.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or StateException)
        {
            // The host opens a new session; if the store is really gone, that says so.
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "SIGHUP: the configuration file is looked at")]
    private static partial void LogLook(ILogger logger);
}
