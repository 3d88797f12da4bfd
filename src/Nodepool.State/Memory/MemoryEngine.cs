using System.Runtime.CompilerServices;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Locks;
using Nodepool.State.Tree;
using Nodepool.State.Watching;

namespace Nodepool.State.Memory;

/// <summary>One session on a <see cref="MemoryTree"/>.</summary>
public sealed class MemoryEngine : IStateEngine, ILockGround
{
    private readonly MemoryTree _tree;
    private readonly LockRecipe _locks;
    private readonly CancellationTokenSource _ended = new();

    internal MemoryEngine(MemoryTree tree, long sessionId, Sources sources)
    {
        _tree = tree;
        SessionId = sessionId;
        _locks = new LockRecipe(this, Leases, sources);
    }

    /// <summary>The owner of its ephemeral entries; what <see cref="MemoryTree.Expire"/> takes.</summary>
    public long SessionId { get; }

    /// <inheritdoc/>
    public CancellationToken SessionEnded => _ended.Token;

    bool ILockGround.LooksFirst => true;

    internal LeaseTable Leases { get; } = new(tellsInline: true);

    /// <summary>Its watches; guarded by the tree.</summary>
    internal List<Subscription> Subscriptions { get; } = [];

    /// <inheritdoc/>
    public ValueTask<Entry?> GetAsync(string path, CancellationToken ct)
    {
        TreePath.Require(path);
        return Refusal(path, ct) is { } refusal ? ValueTask.FromException<Entry?>(refusal) : new ValueTask<Entry?>(_tree.Find(path));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken ct)
    {
        TreePath.Require(path);
        return Refusal(path, ct) is { } refusal
            ? ValueTask.FromException<IReadOnlyList<string>>(refusal)
            : new ValueTask<IReadOnlyList<string>>(_tree.List(path).Names);
    }

    /// <inheritdoc cref="IStateEngine.CommitAsync"/>
    public ValueTask<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken ct)
    {
        TreeCommit.Require(writes);
        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<CommitResult>(ct);
        }

        return _tree.Commit(writes, this, out var result) is { } failure
            ? ValueTask.FromException<CommitResult>(failure)
            : new ValueTask<CommitResult>(result);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ChangeBatch> WatchAsync(string root, CancellationToken ct)
    {
        TreePath.Require(root);
        return ReadAsync(root, ct);
    }

    /// <inheritdoc/>
    public ValueTask<ILease?> TryLockAsync(string directory, LockOptions options, CancellationToken ct)
    {
        TreePath.Require(directory);
        ct.ThrowIfCancellationRequested();
        return _locks.TryLockAsync(directory, options, ct);
    }

    /// <summary>Ends the session: its ephemeral entries vanish at once.</summary>
    public ValueTask DisposeAsync()
    {
        _tree.Expire(SessionId);
        return ValueTask.CompletedTask;
    }

    ValueTask ILockGround.FollowAsync(string directory, CancellationToken ct) => ValueTask.CompletedTask;

    ValueTask<(long Position, IReadOnlyList<string> Names)> ILockGround.ListAtAsync(string directory, CancellationToken ct) =>
        new(_tree.List(directory));

    ValueTask<bool> ILockGround.DropDeadAsync(string directory, CancellationToken ct) => new(false);

    IAsyncEnumerable<ChangeBatch> ILockGround.WatchForReleaseAsync(string directory, CancellationToken ct) => ReadAsync(directory, ct);

    /// <summary>The tree has removed the session.</summary>
    internal void End()
    {
        _ended.Cancel();
        Leases.EndAll();
    }

    private async IAsyncEnumerable<ChangeBatch> ReadAsync(string root, [EnumeratorCancellation] CancellationToken ct)
    {
        var subscription = new Subscription(root);
        _tree.Subscribe(subscription, this);
        try
        {
            await foreach (var batch in subscription.ReadAsync(ct))
            {
                yield return batch;
            }
        }
        finally
        {
            _tree.Unsubscribe(subscription, this);
        }
    }

    private Exception? Refusal(string path, CancellationToken ct) =>
        ct.IsCancellationRequested ? new OperationCanceledException(ct)
        : _ended.IsCancellationRequested ? SessionFault.Ended(path)
        : null;
}
