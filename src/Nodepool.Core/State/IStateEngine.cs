namespace Nodepool.Core.State;

/// <summary>
/// A versioned tree with sessions, sequential and ephemeral entries, all-or-none commits, a recursive watch and locks: what
/// ZooKeeper offers and an embedded store can imitate. One instance is one session. Paths are absolute, <c>/</c>-separated,
/// without a trailing slash; an engine knows nothing of what the paths mean.
/// </summary>
/// <remarks>
/// Every member throws <see cref="StateException"/> for faults of the store. Reads see at least all commits that this session
/// has made. Commits of one session apply in the order in which they were called.
/// </remarks>
public interface IStateEngine : IAsyncDisposable
{
    /// <summary>
    /// Cancelled once, when the session has ended: its ephemerals and locks are gone (or about to go) and nothing more may be
    /// done in its name. Disposal also cancels it.
    /// </summary>
    CancellationToken SessionEnded { get; }

    /// <summary>The entry at <paramref name="path"/>, or null.</summary>
    ValueTask<Entry?> GetAsync(string path, CancellationToken ct);

    /// <summary>Names of the children of <paramref name="path"/> in ordinal order; empty when it has none or does not exist.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken ct);

    /// <summary>
    /// Applies all <paramref name="writes"/> in order, or none of them. Missing parents of a created entry are created
    /// (persistent, empty) in the same commit.
    /// </summary>
    /// <returns>The store's position after the commit and the paths of created entries in the order of their writes.</returns>
    /// <exception cref="StateException">
    /// <see cref="StateFault.VersionMismatch"/>, <see cref="StateFault.NotFound"/>, <see cref="StateFault.Exists"/> or
    /// <see cref="StateFault.NotEmpty"/>: nothing was applied, <see cref="StateException.Path"/> names the write that failed.
    /// <see cref="StateFault.OutcomeUnknown"/>: the caller must read before it tries again. <see cref="StateFault.SessionEnded"/>,
    /// <see cref="StateFault.Unavailable"/>, <see cref="StateFault.NoSpace"/>, <see cref="StateFault.ReadOnly"/>: nothing was applied.
    /// </exception>
    ValueTask<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken ct);

    /// <summary>
    /// All that happens at and below <paramref name="root"/>. The first batch is a resync: it holds every entry that exists.
    /// Later batches hold what changed since, in commit order; several changes of one entry may be folded into the newest.
    /// A further resync comes after events were lost (a new connection, a trimmed log): whatever it does not hold is gone.
    /// After a commit of this session returned position N, a batch with <see cref="ChangeBatch.Position"/> ≥ N follows soon,
    /// also when the commit touched nothing below the root. Ends when the session ends or <paramref name="ct"/> is cancelled.
    /// </summary>
    IAsyncEnumerable<ChangeBatch> WatchAsync(string root, CancellationToken ct);

    /// <summary>
    /// Takes the exclusive lock whose directory is <paramref name="directory"/>, with the recipe of kazoo: a contender entry
    /// <c>&lt;32 hex&gt;__lock__&lt;sequence&gt;</c> below it, owned by this session; the lowest sequence holds the lock.
    /// </summary>
    /// <returns>The lease, or null when another contender holds the lock until <see cref="LockOptions.Wait"/> has passed.</returns>
    ValueTask<ILease?> TryLockAsync(string directory, LockOptions options, CancellationToken ct);
}
