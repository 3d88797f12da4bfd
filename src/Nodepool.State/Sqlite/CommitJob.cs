using Nodepool.Core.State;

namespace Nodepool.State.Sqlite;

/// <summary>A commit on its way through the writer.</summary>
internal sealed class CommitJob(IReadOnlyList<Write> writes, CancellationToken ct) : IWriterJob
{
    private readonly TaskCompletionSource<CommitResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StateException? _refused;
    private CommitResult? _result;

    public bool NeedsSession { get; } = writes.Any(write => write is Write.Create create && create.Modes.HasFlag(CreateModes.Ephemeral));

    /// <summary>Its outcome.</summary>
    public Task<CommitResult> Done => _done.Task;

    public bool Start()
    {
        if (!ct.IsCancellationRequested)
        {
            return true;
        }

        _done.TrySetCanceled(ct);
        return false;
    }

    public void Run(StoreTransaction transaction, long session) => _refused = transaction.Apply(writes, session, out _result);

    public void Finish(Exception? fault)
    {
        if ((fault ?? _refused) is { } failure)
        {
            _done.TrySetException(failure);
        }
        else
        {
            _done.TrySetResult(_result!);
        }
    }
}
