namespace Nodepool.Core.State;

/// <summary>Our handle on a lock that we hold. Disposing it releases the lock; releasing it twice does no harm.</summary>
public interface ILease : IAsyncDisposable
{
    /// <summary>Path of our contender entry. A commit that checks or deletes it fails when the lock was lost: this is the fence.</summary>
    string Path { get; }

    /// <summary>The store's position when the lock was ours: a view that has reached it knows all that earlier holders wrote.</summary>
    long Position { get; }

    /// <summary>Cancelled when the lock is no longer ours: session ended, entry removed by somebody, or released.</summary>
    CancellationToken Lost { get; }

    /// <summary>A commit deleted <see cref="Path"/> as one of its steps; there is nothing left to release.</summary>
    void Released();
}
