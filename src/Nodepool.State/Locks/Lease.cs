using Nodepool.Core.State;

namespace Nodepool.State.Locks;

/// <summary>A contender entry of ours: one that waits, then one that holds the lock.</summary>
internal sealed class Lease(LeaseTable table, LockRecipe recipe, string prefix) : ILease
{
    private readonly CancellationTokenSource _lost = new();
    private int _over;

    /// <summary>The path of the contender without its sequence number: known before the entry exists.</summary>
    public string Prefix { get; } = prefix;

    /// <inheritdoc/>
    public string Path { get; private set; } = "";

    /// <inheritdoc/>
    public long Position { get; private set; }

    /// <inheritdoc/>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether the entry is gone or given up.</summary>
    public bool IsOver => Volatile.Read(ref _over) != 0;

    /// <summary>Events may have been lost while the entry was being created, so its creator must look whether it is still there.</summary>
    public bool IsDoubtful { get; set; }

    /// <inheritdoc/>
    public void Released() => End();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Our own work under the lock is told to stop before anybody else can get it.
        if (End())
        {
            await recipe.RemoveAsync(this);
        }
    }

    /// <summary>The store has made the entry.</summary>
    public void Created(string path) => Path = path;

    /// <summary>The lock is ours since <paramref name="position"/>; null when the entry went away meanwhile.</summary>
    public Lease? Taken(long position)
    {
        Position = position;
        return IsOver ? null : this;
    }

    /// <summary>Forgets the entry; the caller removes it, or it is gone.</summary>
    /// <returns>Whether this call ended it.</returns>
    public bool End()
    {
        if (Interlocked.Exchange(ref _over, 1) != 0)
        {
            return false;
        }

        table.Forget(this, _lost);
        return true;
    }
}
