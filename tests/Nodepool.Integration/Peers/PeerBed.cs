using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Integration.Cli;
using Nodepool.Integration.State.ZooKeeper;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.State.ZooKeeper;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Integration.Peers;

/// <summary>
/// A tree of its own in a real ZooKeeper, hosts with launchers on it as real processes, clouds that outlive them, and a session from which the test
/// looks on. Nothing that anybody does may ever put something below a request, or a request there that Zuul's classes cannot read.
/// </summary>
internal sealed class PeerBed : IAsyncDisposable
{
    /// <summary>What the servers wait before they give up a launcher.</summary>
    public static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(4);

    private const int Stop = 19;
    private const int Continue = 18;
    private static readonly string[] RequestKeys = ["requestor_data", "requestor", "node_types", "provider", "state", "state_time", "event_id"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    private readonly string _root = Directory.CreateTempSubdirectory("nodepool-peers-").FullName;
    private readonly ITestOutputHelper _output;
    private readonly CancellationTokenSource _end = new();
    private readonly ClusterFeed _feed;
    private readonly Task _following;
    private readonly ConcurrentQueue<string> _offences = new();
    private readonly List<NodepoolProcess> _launchers = [];
    private readonly List<PeerProcess> _peers = [];
    private readonly long _began = Sources.Time.GetTimestamp();

    private PeerBed(ZooKeeperServer server, string chroot, ZooKeeperEngine engine, ITestOutputHelper output)
    {
        (Server, Chroot, Engine, _output) = (server, chroot, engine, output);
        _feed = new ClusterFeed(engine, Sources.Time);
        _following = Task.WhenAll(FollowAsync(_feed.RunAsync), FollowAsync(WatchRequestsAsync));
    }

    public static Sources Sources { get; } = SystemSources.Create();

    public ZooKeeperServer Server { get; }

    public string Chroot { get; }

    public ZooKeeperEngine Engine { get; }

    public ClusterFeed Feed => _feed;

    public ClusterView View => _feed.Current;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Opens it on a server; on the one that all tests share unless another is given.</summary>
    public static async Task<PeerBed> CreateAsync(ITestOutputHelper output, ZooKeeperServer? own = null)
    {
        var server = own ?? (await SharedServer.Instance).Server;
        var chroot = "/peers/" + RandomNumberGenerator.GetHexString(12, lowercase: true);
        var engine = await ZooKeeperEngine.OpenAsync(new ZooKeeperSettings(server.Address + chroot) { SessionTimeout = TimeSpan.FromSeconds(60) }, Sources, NullLogger.Instance, Ct);
        return new PeerBed(server, chroot, engine, output);
    }

    public void Note(string text) =>
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Sources.Time.GetElapsedTime(_began).TotalSeconds,6:0.0} s: {text}"));

    /// <summary>Where a provider's instances are, whoever made them; see <see cref="CloudAsync"/>.</summary>
    public string Instances(string provider) => Path.Combine(_root, provider + ".instances");

    /// <summary>What a provider's cloud has now.</summary>
    public async Task<IReadOnlyList<FakeServer>> CloudAsync(string provider) =>
        [.. (await new FakeCloud(Sources, Instances(provider)).ListAsync(Ct)).Servers.Where(server => server.GoneAt is null)];

    /// <summary>Starts a launcher on a host of its own.</summary>
    /// <param name="host">Its directory.</param>
    /// <param name="yaml">Labels and providers.</param>
    /// <param name="sessionTimeout"><see cref="SessionTimeout"/> unless given.</param>
    public NodepoolProcess Launch(string host, string yaml, TimeSpan? sessionTimeout = null)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_root, host)).FullName;
        var config = Path.Combine(directory, "nodepool.yaml");
        File.WriteAllText(config, $"""
            state-dir: .
            zookeeper-servers:
              - host: 127.0.0.1
                port: {Server.Port}
                chroot: {Chroot}
            zookeeper-timeout: {(sessionTimeout ?? SessionTimeout).TotalSeconds}

            """ + yaml);
        var launcher = NodepoolProcess.Start(NodepoolProcess.Program, "-c", config, "launcher", "--no-webapp");
        _launchers.Add(launcher);
        Note($"launcher {launcher.Id} on host {host}");
        return launcher;
    }

    /// <summary>Starts a peer with kazoo; its session ends 4 s after it is killed.</summary>
    public async Task<PeerProcess> PeerAsync()
    {
        var peer = await PeerProcess.StartAsync(Server.Address + Chroot, SessionTimeout);
        _peers.Add(peer);
        return peer;
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync(NodepoolProcess launcher)
    {
        launcher.Signal(NodepoolProcess.Kill);
        await launcher.EndAsync();
        _launchers.Remove(launcher);
        await launcher.DisposeAsync();
    }

    /// <summary>Stops it where it is; but not inside a provider's cloud, where it would keep all others out.</summary>
    public async Task PauseAsync(NodepoolProcess launcher, string provider)
    {
        using var cloud = await AloneInAsync(Instances(provider));
        launcher.Signal(Stop);
        // The signal is on its way when kill(1) returns.
        while (!(await File.ReadAllTextAsync($"/proc/{launcher.Id}/stat", Ct)).Contains(") T ", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Ct);
        }
    }

    public static void Resume(NodepoolProcess launcher) => launcher.Signal(Continue);

    /// <summary>Waits until the records are so.</summary>
    public Task UntilAsync(string what, Func<ClusterView, bool> isSo) => UntilAsync(what, () => Task.FromResult(isSo(View)));

    /// <summary>Waits until it is so.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var wake = _feed.Subscribe();
        while (!await isSo())
        {
            Assert.False(patience.IsCancellationRequested, $"never came: {what}; {Describe()}; the launchers said:\n{string.Join("\n---\n", _launchers.Select(launcher => Tail(launcher.Error)))}");
            // Not all that is waited for is in the records.
            await wake.WaitAsync(Glance, Ct);
        }

        Note(what);
    }

    /// <summary>The record of a node as it is stored.</summary>
    public async Task<JsonObject> NodeAsync(string id) => JsonNode.Parse((await Engine.GetAsync(NodepoolPaths.Node(id), Ct))!.Data.Span)!.AsObject();

    /// <summary>Waits until what the clouds have is what the records tell of, no node more and no instance more.</summary>
    public Task UntilNothingLeaksAsync(params string[] providers) => UntilAsync("instances and records agree", async () =>
    {
        var instances = new List<string>();
        foreach (var provider in providers)
        {
            instances.AddRange((await CloudAsync(provider)).Select(server => server.Id));
        }

        var recorded = View.Nodes.ById.Values.Select(node => node.Record?.ExternalId.AsText() ?? "nothing").ToList();
        return instances.Order().SequenceEqual(recorded.Order());
    });

    /// <summary>Fails when the records were ever such that Zuul could not have lived with them.</summary>
    public void NobodyOffended() => Assert.Empty(_offences.Distinct());

    public string Describe() =>
        $"nodes [{string.Join(", ", View.Nodes.ById.Values.OrderBy(node => node.Id, StringComparer.Ordinal).Take(50).Select(node => $"{node.Id} {node.Record?.Provider} {string.Join('/', node.Record?.Type ?? [])} {node.Record?.State} for {node.Record?.AllocatedTo ?? "nobody"} at {node.Record?.Launch?.Phase}/{node.Record?.Launch?.Stage}{(node.IsLocked ? " locked" : "")}"))}] "
        + $"requests [{string.Join(", ", View.Requests.Values.OrderBy(request => request.Id, StringComparer.Ordinal).Take(50).Select(request => $"{request.Id} {request.Record?.State}{(View.IsLocked(request) ? " locked" : "")}"))}] "
        + $"pools [{string.Join(", ", View.Pools.Select(pool => pool.Id))}]";

    public async ValueTask DisposeAsync()
    {
        foreach (var launcher in _launchers)
        {
            await launcher.DisposeAsync();
        }

        _peers.ForEach(peer => peer.Dispose());
        await _end.CancelAsync();
        await _following;
        await Engine.DisposeAsync();
        _end.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>As the cloud does it: whoever has the file open without sharing it is alone with it.</summary>
    private static async Task<FileStream> AloneInAsync(string file)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None);
            }
            catch (IOException e) when (e is not FileNotFoundException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Ct);
            }
        }
    }

    private async Task FollowAsync(Func<CancellationToken, Task> follow)
    {
        try
        {
            await follow(_end.Token);
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task WatchRequestsAsync(CancellationToken ct)
    {
        await foreach (var batch in Engine.WatchAsync(NodepoolPaths.Requests, ct))
        {
            foreach (var entry in batch.Changes.Select(change => change.Entry).OfType<Entry>().Where(entry => entry.Path != NodepoolPaths.Requests))
            {
                if (entry.Path.Count(c => c == '/') != NodepoolPaths.Requests.Count(c => c == '/') + 1)
                {
                    _offences.Enqueue($"below a request: {entry.Path}");
                }
                else if (JsonNode.Parse(entry.Data.Span) is not JsonObject request || RequestKeys.FirstOrDefault(key => !request.ContainsKey(key)) is not null)
                {
                    _offences.Enqueue($"no key that Zuul's reader demands: {entry.Path}: {System.Text.Encoding.UTF8.GetString(entry.Data.Span)}");
                }
            }
        }
    }

    private static string Tail(string text) => text.Length > 4000 ? text[^4000..] : text;
}
