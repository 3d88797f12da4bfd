namespace Nodepool.Tests.State.ZooKeeper;

/// <summary>
/// Runs one after the other what was begun in it and all that follows from that, on threads of the pool, and tells when nothing is left
/// that does not wait for time or for the test: only then may fake time pass, however late a busy machine gets round to those threads.
/// </summary>
internal sealed class QuietContext : SynchronizationContext
{
    private readonly Lock _gate = new();
    private readonly Queue<(SendOrPostCallback Call, object? State)> _waiting = new();
    private TaskCompletionSource? _busy;

    /// <summary>Begins something in the context, on the caller's thread.</summary>
    public T Run<T>(Func<T> begin)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            return begin();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>Completes when nothing is left to run.</summary>
    public Task QuietAsync()
    {
        lock (_gate)
        {
            return _busy?.Task ?? Task.CompletedTask;
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            _waiting.Enqueue((d, state));
            if (_busy is not null)
            {
                return;
            }

            _busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        ThreadPool.UnsafeQueueUserWorkItem(context => context.Run(context.Drain), this, preferLocal: false);
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <returns>How many were run.</returns>
    private int Drain()
    {
        for (var count = 0; ; count++)
        {
            (SendOrPostCallback Call, object? State) next;
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out next))
                {
                    _busy!.SetResult();
                    _busy = null;
                    return count;
                }
            }

            next.Call(next.State);
        }
    }
}
