using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.State.ZooKeeper.Client;
using Ask = Nodepool.State.ZooKeeper.Client.Requests;

namespace Nodepool.Bench.ZooKeeper;

/// <summary>
/// Does with requests and nodes what Zuul does, request by request of the protocol: asks, waits for the answer on one recursive watch, locks each node, deletes the
/// request, sets the node in-use; then used, and lets go of the lock.
/// </summary>
internal sealed class ZuulClient : IClientListener, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _fulfilled = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gone = new(StringComparer.Ordinal);
    private readonly Sources _sources = SystemSources.Create();
    private ZooKeeperClient? _client;

    /// <summary>Requests that it has sent.</summary>
    public long RequestsSent => _client!.RequestsSent;

    public static async Task<ZuulClient> OpenAsync(string servers)
    {
        var zuul = new ZuulClient();
        var options = new ClientOptions(ConnectString.Parse(servers), TimeProvider.System, zuul._sources.Random.NextDouble) { RequestTimeout = TimeSpan.FromMinutes(10) };
        zuul._client = await ZooKeeperClient.ConnectAsync(options, new TcpDialer(null, options.NextDouble), zuul, NullLogger.Instance, default);
        foreach (var path in new[] { NodepoolPaths.Root, NodepoolPaths.Requests, NodepoolPaths.Nodes })
        {
            await zuul.SendAsync(Ask.MakeOutside(path));
        }

        await zuul._client.WatchRecursivelyAsync(NodepoolPaths.Root, default);
        return zuul;
    }

    /// <summary>Asks for a node and waits for it.</summary>
    /// <returns>The request, the node, and how long it took.</returns>
    public async Task<(string Request, string Node, TimeSpan Waited)> AskAsync(string label, bool reuse)
    {
        var now = _sources.UnixNow;
        var record = new NodeRequestRecord
        {
            State = RequestState.Requested,
            StateTime = now,
            CreatedTime = now,
            NodeTypes = [label],
            Reuse = reuse,
            Requestor = "bench",
            RequestorData = RawJson.Null,
        };
        var start = Stopwatch.GetTimestamp();
        var made = await SendAsync(Ask.Single(new Operation.Create(NodepoolPaths.NewRequest(200), record.Write(), CreateMode.PersistentSequential)));
        var request = made.Path!;
        var node = await _fulfilled.GetOrAdd(request, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        _fulfilled.TryRemove(request, out _);
        return (request, node, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>
    /// What cannot be undercut at the moment: as many requests in a row as there are between asking and being answered, the launcher's among them (the request is made and
    /// read, its lock made, the answer written and read).
    /// </summary>
    public async Task<TimeSpan> MeasureServerAsync()
    {
        const string path = "/floor";
        await SendAsync(Ask.MakeOutside(path));
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(Ask.Single(new Operation.SetData(path, default, Operation.AnyVersion)));
            if (i != 1)
            {
                await SendAsync(Ask.GetData(path));
            }
        }

        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Takes the node that was given.</summary>
    /// <returns>Our contender for its lock.</returns>
    public async Task<string> TakeAsync(string request, string node)
    {
        var directory = NodepoolPaths.NodeLock(node);
        await SendAsync(Ask.MakeOutside(directory));
        var prefix = $"{directory}/{_sources.Ids.NewId()}__lock__";
        var contender = (await SendAsync(Ask.Single(new Operation.Create(prefix, default, CreateMode.EphemeralSequential)))).Path!;
        await SendAsync(Ask.GetChildren(directory));
        await SendAsync(Ask.Single(new Operation.Delete(request, Operation.AnyVersion)));
        await SetAsync(node, record => record.To(NodeState.InUse, _sources.UnixNow));
        return contender;
    }

    /// <summary>Gives a node back and waits until it is gone.</summary>
    public async Task<TimeSpan> ReleaseAsync(string node, string contender)
    {
        var gone = _gone.GetOrAdd(NodepoolPaths.Node(node), _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var start = Stopwatch.GetTimestamp();
        await SetAsync(node, record => record.To(NodeState.Used, _sources.UnixNow));
        await SendAsync(Ask.Single(new Operation.Delete(contender, Operation.AnyVersion)));
        await gone.Task;
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Puts ready nodes there, as if they had been launched.</summary>
    public Task PopulateAsync(int count, string label) => Task.WhenAll(Enumerable.Range(0, count).Select(_ =>
    {
        var now = _sources.UnixNow;
        var node = new NodeRecord { State = NodeState.Ready, StateTime = now, CreatedTime = now, Type = [label], Provider = "cloud", Pool = "main", InterfaceIp = "203.0.113.1", ConnectionType = "ssh" };
        return SendAsync(Ask.Single(new Operation.Create(NodepoolPaths.Nodes + "/", node.Write(), CreateMode.PersistentSequential)));
    }));

    public ValueTask DisposeAsync() => _client!.DisposeAsync();

    void IClientListener.Happened(WatchEvent happening)
    {
        if (happening.Kind == WatchEventKind.Deleted)
        {
            if (_gone.TryRemove(happening.Path, out var gone))
            {
                gone.TrySetResult();
            }
        }
        else if (happening.Kind == WatchEventKind.DataChanged && happening.Path.StartsWith(NodepoolPaths.Requests + "/", StringComparison.Ordinal))
        {
            _ = LookAsync(happening.Path);
        }
    }

    void IClientListener.Answered()
    {
    }

    void IClientListener.Reconnected()
    {
    }

    void IClientListener.Ended(ErrorCode reason)
    {
    }

    private async Task LookAsync(string request)
    {
        var read = await SendAsync(Ask.GetData(request));
        if (read.Exists && NodeRequestRecord.Read(read.Data) is { State: RequestState.Fulfilled } record)
        {
            _fulfilled.GetOrAdd(request, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(record.Nodes[0]);
        }
    }

    private async Task SetAsync(string node, Func<NodeRecord, NodeRecord> change)
    {
        var read = await SendAsync(Ask.GetData(NodepoolPaths.Node(node)));
        await SendAsync(Ask.Single(new Operation.SetData(NodepoolPaths.Node(node), change(NodeRecord.Read(read.Data)).Write(), read.Stat.Version)));
    }

    private async Task<T> SendAsync<T>(TypedRequest<T> request) => (await _client!.SendAsync(request, default)).Value;
}
