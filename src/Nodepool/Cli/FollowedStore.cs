using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Cli;

/// <summary>The records of a store for as long as a command waits for something there.</summary>
internal sealed class FollowedStore : IAsyncDisposable
{
    private readonly ClusterFeed _feed;
    private readonly CancellationTokenSource _end;
    private readonly Task _following;

    private FollowedStore(IStateEngine engine, TimeProvider time, CancellationToken ct)
    {
        _feed = new ClusterFeed(engine, time);
        Wake = _feed.Subscribe();
        _end = CancellationTokenSource.CreateLinkedTokenSource(ct, engine.SessionEnded);
        _following = _feed.RunAsync(_end.Token);
    }

    /// <summary>The newest picture.</summary>
    public ClusterView Current => _feed.Current;

    /// <summary>Is set by every change.</summary>
    public WakeSignal Wake { get; }

    /// <summary>Cancelled when the caller gives up and when the session has ended.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Begins to follow, and returns when there is a picture.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up, or the session has ended.</exception>
    public static async Task<FollowedStore> OpenAsync(IStateEngine engine, TimeProvider time, CancellationToken ct)
    {
        var store = new FollowedStore(engine, time, ct);
        try
        {
            await store._feed.AtLeastAsync(0, store.End);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _following.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Wake.Dispose();
        _end.Dispose();
    }
}
