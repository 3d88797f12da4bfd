using Nodepool.Core.State;

namespace Nodepool.Testing.Simulation;

/// <summary>An engine whose calls take a moment, as those of every real store do: in between the others of the process run.</summary>
internal sealed class YieldingEngine(IStateEngine inner) : IStateEngine
{
    public CancellationToken SessionEnded => inner.SessionEnded;

    /// <summary>Told of every commit that was applied; what it throws is the answer.</summary>
    public Action<IReadOnlyList<Write>>? Applied { get; set; }

    public async ValueTask<Entry?> GetAsync(string path, CancellationToken ct)
    {
        await Task.Yield();
        return await inner.GetAsync(path, ct);
    }

    public async ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken ct)
    {
        await Task.Yield();
        return await inner.ListAsync(path, ct);
    }

    public async ValueTask<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken ct)
    {
        await Task.Yield();
        var result = await inner.CommitAsync(writes, ct);
        Applied?.Invoke(writes);
        return result;
    }

    public IAsyncEnumerable<ChangeBatch> WatchAsync(string root, CancellationToken ct) => inner.WatchAsync(root, ct);

    public async ValueTask<ILease?> TryLockAsync(string directory, LockOptions options, CancellationToken ct)
    {
        await Task.Yield();
        return await inner.TryLockAsync(directory, options, ct);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
