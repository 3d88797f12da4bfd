using Nodepool.Core.State;

namespace Nodepool.Tests.Operations;

/// <summary>An engine on which somebody else is quicker: runs an action right before each of the first commits.</summary>
internal sealed class RacingEngine(IStateEngine inner, params Action[] before) : IStateEngine
{
    private int _commits;

    public int Commits => _commits;

    /// <summary>Runs before each lock is taken.</summary>
    public Action? BeforeLock { get; init; }

    public CancellationToken SessionEnded => inner.SessionEnded;

    public ValueTask<Entry?> GetAsync(string path, CancellationToken ct) => inner.GetAsync(path, ct);

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken ct) => inner.ListAsync(path, ct);

    public ValueTask<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken ct)
    {
        if (_commits < before.Length)
        {
            before[_commits]();
        }

        _commits++;
        return inner.CommitAsync(writes, ct);
    }

    public IAsyncEnumerable<ChangeBatch> WatchAsync(string root, CancellationToken ct) => inner.WatchAsync(root, ct);

    public ValueTask<ILease?> TryLockAsync(string directory, LockOptions options, CancellationToken ct)
    {
        BeforeLock?.Invoke();
        return inner.TryLockAsync(directory, options, ct);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
