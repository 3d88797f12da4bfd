using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.State;
using Nodepool.State.Sqlite;

namespace Nodepool.Bench.Requests;

/// <summary>A client with a session of its own: makes requests, sees by its watch when they are fulfilled, and takes them back.</summary>
internal sealed class RequestClient : IAsyncDisposable
{
    private readonly IStateEngine _engine;
    private readonly Sources _sources;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private readonly Task _watching;

    private RequestClient(IStateEngine engine, Sources sources)
    {
        _engine = engine;
        _sources = sources;
        _watching = WatchAsync();
    }

    /// <summary>Opens a session on the store.</summary>
    public static async Task<RequestClient> OpenAsync(string file, Sources sources) =>
        new(await SqliteEngine.OpenAsync(file, sources, NullLogger.Instance, default), sources);

    /// <summary>Requests a node, waits until the request is fulfilled, withdraws it; the node is idle again. Says how long the client waited.</summary>
    public async Task<TimeSpan> OnceAsync(string label, bool reuse)
    {
        var now = _sources.UnixNow;
        var record = new NodeRequestRecord { State = RequestState.Requested, StateTime = now, CreatedTime = now, NodeTypes = [label], Reuse = reuse, Requestor = "bench", RequestorData = RawJson.Null };
        var start = Stopwatch.GetTimestamp();
        var created = await _engine.CommitAsync([new Write.Create(NodepoolPaths.NewRequest(200), record.Write(), CreateModes.Sequential)], default);
        await _waiting.GetOrAdd(created.Created[0], _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        var waited = Stopwatch.GetElapsedTime(start);
        _waiting.TryRemove(created.Created[0], out _);
        await _engine.CommitAsync([new Write.Delete(created.Created[0], Write.AnyVersion)], default);
        return waited;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _engine.DisposeAsync();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        await foreach (var batch in _engine.WatchAsync(NodepoolPaths.Requests, _stop.Token))
        {
            foreach (var change in batch.Changes)
            {
                if (change.Entry is { Data.IsEmpty: false } entry && NodeRequestRecord.Read(entry.Data.Span).State == RequestState.Fulfilled)
                {
                    _waiting.GetOrAdd(change.Path, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
                }
            }
        }
    }
}
