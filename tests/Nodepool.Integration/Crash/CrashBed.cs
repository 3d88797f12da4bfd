using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.ImageTools;
using Nodepool.Integration.Cli;
using Nodepool.Integration.State.ZooKeeper;
using Nodepool.State.Sqlite;
using Nodepool.State.ZooKeeper;

namespace Nodepool.Integration.Crash;

/// <summary>
/// A state directory with the built program on it that is killed and started again, and a session of the store from which a test looks on and
/// acts as a client does: from another process. The store is SQLite in that directory, or a tree of its own in the ZooKeeper that all tests share.
/// </summary>
internal sealed class CrashBed : IAsyncDisposable
{
    /// <summary>Fixes the moments of the kills, as far as a clock can: a number.</summary>
    public const string SeedVariable = "NODEPOOL_TEST_SEED";

    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    private readonly ITestOutputHelper _output;
    private readonly string _store;
    private readonly CancellationTokenSource _end = new();
    private readonly ClusterFeed _feed;
    private readonly Task _following;
    private readonly long _began;
    private TimeSpan _patience = UsualPatience;
    private NodepoolProcess? _process;
    private string _lastWords = "";

    private CrashBed(string root, IStateEngine engine, string store, ITestOutputHelper output)
    {
        (Root, Engine, _store, _output) = (root, engine, store, output);
        var seed = int.TryParse(System.Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var given) ? given : System.Environment.TickCount & 0xFFFFFF;
        Random = new Random(seed);
        _began = Sources.Time.GetTimestamp();
        Note($"seed {seed} ({SeedVariable})");
        _feed = new ClusterFeed(engine, Sources.Time);
        _following = FollowAsync();
    }

    public static Sources Sources { get; } = SystemSources.Create();

    public string Root { get; }

    public IStateEngine Engine { get; }

    /// <summary>Changes of the program's environment.</summary>
    public IReadOnlyList<(string Name, string? Value)> Environment { get; set; } = [];

    public Random Random { get; }

    public ClusterView View => _feed.Current;

    public int Kills { get; private set; }

    /// <summary>What the program wrote to standard error since it was started last.</summary>
    public string Words => _process?.Error ?? _lastWords;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public string Config => Path.Combine(Root, "nodepool.yaml");

    /// <summary>Makes the directory and opens the store; starts nothing.</summary>
    public static async Task<CrashBed> CreateAsync(ITestOutputHelper output, TimeSpan? patience = null)
    {
        var root = Directory.CreateTempSubdirectory("nodepool-crash-").FullName;
        var engine = await SqliteEngine.OpenAsync(Path.Combine(root, "state.db"), Sources, NullLogger.Instance, Ct);
        return new CrashBed(root, engine, "", output) { _patience = patience ?? UsualPatience };
    }

    /// <summary>The same on ZooKeeper. A program that was killed holds what it held until its session ends, 4 s later.</summary>
    public static async Task<CrashBed> CreateOnZooKeeperAsync(ITestOutputHelper output)
    {
        var server = (await SharedServer.Instance).Server;
        var chroot = "/beds/" + RandomNumberGenerator.GetHexString(12, lowercase: true);
        var engine = await ZooKeeperEngine.OpenAsync(new ZooKeeperSettings(server.Address + chroot) { SessionTimeout = TimeSpan.FromSeconds(60) }, Sources, NullLogger.Instance, Ct);
        var store = $"zookeeper-servers:\n  - host: 127.0.0.1\n    port: {server.Port}\n    chroot: {chroot}\nzookeeper-timeout: 4\n";
        return new CrashBed(Directory.CreateTempSubdirectory("nodepool-crash-").FullName, engine, store, output);
    }

    public void Configure(string yaml) => File.WriteAllText(Config, $"state-dir: .\nimages-dir: images\nbuild-log-dir: log\nwebapp:\n  port: 0\n{_store}{yaml}");

    public void Note(string text) =>
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Sources.Time.GetElapsedTime(_began).TotalSeconds,6:0.0} s: {text}"));

    public void Start()
    {
        Assert.Null(_process);
        _process = NodepoolProcess.Start(NodepoolProcess.Program, Environment, "-c", Config, "up");
    }

    /// <summary>Lets it run for a random time.</summary>
    public async Task PassAsync(double fromSeconds, double toSeconds) =>
        await Task.Delay(TimeSpan.FromSeconds(fromSeconds + (Random.NextDouble() * (toSeconds - fromSeconds))), TimeProvider.System, Ct);

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync(string moment)
    {
        Kills++;
        Note($"kill {Kills}: {moment}; {Describe()}");
        await EndAsync(NodepoolProcess.Kill);
    }

    /// <summary>Ctrl-C; it must end in order.</summary>
    public async Task StopAsync()
    {
        // What a kill left may be all that is waited for; a program that has hardly begun is ended by the system.
        await _process!.SaysAsync("; process ");
        Note("Ctrl-C");
        var status = await EndAsync(NodepoolProcess.Interrupt);
        Assert.True(status == 0, $"status {status}: {_lastWords}");
    }

    /// <summary>Waits until the records are so.</summary>
    public Task UntilAsync(string what, Func<ClusterView, bool> isSo) => UntilAsync(what, () => Task.FromResult(isSo(View)));

    /// <summary>Waits until it is so.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> isSo, Func<string>? found = null)
    {
        using var patience = new CancellationTokenSource(_patience, TimeProvider.System);
        using var wake = _feed.Subscribe();
        while (!await isSo())
        {
            Assert.False(patience.IsCancellationRequested, $"never came: {what}; {found?.Invoke()} {Describe()}; the program said:\n{Tail(_process?.Error ?? _lastWords)}");
            // Not all that is waited for is in the records.
            await wake.WaitAsync(Glance, Ct);
        }
    }

    /// <summary>Every entry of the store.</summary>
    public async Task<IReadOnlyList<Entry>> EntriesAsync()
    {
        await foreach (var batch in Engine.WatchAsync(NodepoolPaths.Root, Ct))
        {
            return [.. batch.Changes.Select(change => change.Entry).OfType<Entry>()];
        }

        return [];
    }

    /// <summary>Ephemerals (locks, leases and components among them) must all belong to sessions that live: at most one, the program's.</summary>
    public async Task OnlyTheLivingHoldAnythingAsync()
    {
        var programs = _process is null ? 0 : 1;
        var left = "";
        await UntilAsync("nothing of dead sessions", async () =>
        {
            var owned = (await EntriesAsync()).Where(entry => entry.IsEphemeral).ToLookup(entry => entry.Owner, entry => entry.Path);
            // Beside the program's session there is that of this test, once it has locked anything.
            var sessions = Directory.GetFiles(Path.Combine(Root, "state.db-sessions")).Select(path => Path.GetFileName(path)!).Where(name => name.All(char.IsAsciiDigit)).ToList();
            left = string.Join("; ", owned.Select(session => $"session {session.Key}: {string.Join(", ", session)}").Append("session files " + string.Join(", ", sessions)));
            return owned.Count <= programs && sessions.Count <= programs + 1;
        }, () => left);
    }

    /// <summary>
    /// No node, no request, nobody at a lock. Waiting for nodes to go while the program runs covers their empty entries; Ctrl-C between the lock
    /// of a node that has just gone and its removal may leave one, which the next start removes.
    /// </summary>
    public async Task NoRecordsAreLeftAsync() => Assert.Empty((await EntriesAsync())
        .Where(entry => entry.Path.Contains("__lock__", StringComparison.Ordinal)
            || (!entry.Data.IsEmpty && ((string[])[NodepoolPaths.Nodes, NodepoolPaths.Requests]).Any(root => entry.Path.StartsWith(root + "/", StringComparison.Ordinal))))
        .Select(entry => entry.Path));

    public string Describe()
    {
        var nodes = string.Join(", ", View.Nodes.ById.Values.Select(node => $"{node.Id} {string.Join('/', node.Record?.Type ?? [])} {node.Record?.State} for {node.Record?.AllocatedTo ?? "nobody"}"));
        var requests = string.Join(", ", View.Requests.Values.Select(request => $"{request.Id} {request.Record?.State}"));
        var builds = string.Join(", ", View.Images.Values.SelectMany(image => image.Builds.Values).Select(build => $"{build.Record?.State}"));
        var uploads = string.Join(", ", View.Images.Values.SelectMany(image => image.Uploads.Values).Select(upload => $"{upload.Id} {upload.Record?.State}"));
        return $"nodes [{nodes}] requests [{requests}] builds [{builds}] uploads [{uploads}]";
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await EndAsync(NodepoolProcess.Kill);
        await _end.CancelAsync();
        await _following;
        await Engine.DisposeAsync();
        _end.Dispose();
        HostTraces.KillAll(Root);
        // A build that a failed test left may have the host's /dev mounted there: nothing that follows mounts may delete it.
        await BuildRemains.RemoveAsync(Root, TimeProvider.System);
    }

    private async Task<int> EndAsync(int signal)
    {
        var process = _process!;
        _process = null;
        await using (process)
        {
            process.Signal(signal);
            var status = await process.EndAsync();
            _lastWords = process.Error;
            return status;
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            await _feed.RunAsync(_end.Token);
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private static string Tail(string text) => text.Length > 6000 ? text[^6000..] : text;
}
