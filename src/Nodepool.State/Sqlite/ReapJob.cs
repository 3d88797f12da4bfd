namespace Nodepool.State.Sqlite;

/// <summary>Ends sessions whose processes are dead, in their stead: one commit each.</summary>
internal sealed class ReapJob(IReadOnlyList<long> suspects, SessionFiles files) : IWriterJob
{
    private readonly TaskCompletionSource<int> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(long Id, FileStream? File)> _claimed = [];

    public bool NeedsSession => false;

    /// <summary>Number of sessions ended; another process may have been quicker.</summary>
    public Task<int> Done => _done.Task;

    public bool Start() => true;

    public void Run(StoreTransaction transaction, long session)
    {
        Release(remove: false);
        foreach (var id in suspects)
        {
            if (id != session && transaction.HasSession(id) && files.TryClaim(id, out var file))
            {
                _claimed.Add((id, file));
                transaction.EndSession(id);
            }
        }
    }

    public void Finish(Exception? fault)
    {
        var count = _claimed.Count;
        Release(remove: fault is null);
        if (fault is null)
        {
            _done.TrySetResult(count);
        }
        else
        {
            _done.TrySetException(fault);
        }
    }

    private void Release(bool remove)
    {
        foreach (var (id, file) in _claimed)
        {
            if (remove)
            {
                files.Remove(id);
            }

            file?.Dispose();
        }

        _claimed.Clear();
    }
}
