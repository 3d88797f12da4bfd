using Nodepool.Core.State;

namespace Nodepool.State.Locks;

/// <summary>What the lock recipe needs of an engine, beyond what every user of it sees.</summary>
internal interface ILockGround
{
    /// <summary>Whether looking before contending is cheaper than contending in vain: true for stores without a network.</summary>
    bool LooksFirst { get; }

    /// <inheritdoc cref="IStateEngine.SessionEnded"/>
    CancellationToken SessionEnded { get; }

    /// <summary>
    /// From its completion on, every removal of an entry below <paramref name="directory"/> is reported to <see cref="LeaseTable.Removed"/>.
    /// Costs something only the first time.
    /// </summary>
    ValueTask FollowAsync(string directory, CancellationToken ct);

    /// <summary>Names of the children of <paramref name="directory"/> and the store's position at which they were read.</summary>
    ValueTask<(long Position, IReadOnlyList<string> Names)> ListAtAsync(string directory, CancellationToken ct);

    /// <summary>
    /// <see cref="ListAtAsync"/> of the store itself, for who wants to know what became of a commit whose answer was lost: what a watch knows
    /// may be older.
    /// </summary>
    ValueTask<(long Position, IReadOnlyList<string> Names)> ReadAtAsync(string directory, CancellationToken ct) => ListAtAsync(directory, ct);

    /// <summary>Other contenders are in the way: removes those whose sessions are dead.</summary>
    /// <returns>Whether anything was removed.</returns>
    ValueTask<bool> DropDeadAsync(string directory, CancellationToken ct);

    /// <inheritdoc cref="IStateEngine.CommitAsync"/>
    ValueTask<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken ct);

    /// <summary><see cref="IStateEngine.WatchAsync"/>, by somebody who waits for another session to let go.</summary>
    IAsyncEnumerable<ChangeBatch> WatchForReleaseAsync(string directory, CancellationToken ct);
}
