using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Cli;

/// <summary>The records of a store for as long as a command waits for something there.</summary>
internal sealed class FollowedStore : IAsyncDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly Task _following;

    private FollowedStore(IStateEngine engine, TimeProvider time, CancellationToken ct)
    {
        Feed = new ClusterFeed(engine, time);
        Wake = Feed.Subscribe();
        _end = CancellationTokenSource.CreateLinkedTokenSource(ct, engine.SessionEnded);
        _following = FollowAsync();
    }

    /// <summary>Gives the newest picture, and one that is not older than something.</summary>
    public ClusterFeed Feed { get; }

    /// <summary>The newest picture.</summary>
    public ClusterView Current => Feed.Current;

    /// <summary>Is set by every change.</summary>
    public WakeSignal Wake { get; }

    /// <summary>Cancelled when nothing more comes: the caller gave up, the session has ended, or the store does not tell of changes any more.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Begins to follow, and returns when there is a picture.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up, or the session has ended.</exception>
    public static async Task<FollowedStore> OpenAsync(IStateEngine engine, TimeProvider time, CancellationToken ct)
    {
        var store = new FollowedStore(engine, time, ct);
        try
        {
            await store.Feed.AtLeastAsync(0, store.End);
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
        await _following;
        Wake.Dispose();
        _end.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            await Feed.RunAsync(End);
        }
        catch (Exception e) when (e is OperationCanceledException or StateException)
        {
            // Whoever waits is told by the token.
        }
        finally
        {
            await _end.CancelAsync();
        }
    }
}
