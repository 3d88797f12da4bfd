namespace Nodepool.Core.Reconciling;

/// <summary>
/// Wakes one waiting loop. Setting it while it is set changes nothing, so any number of changes during a pass cost one further pass.
/// </summary>
public sealed class WakeSignal(TimeProvider time, Action<WakeSignal>? onDispose = null) : IDisposable
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiter;
    private bool _isSet;

    /// <summary>Lets the present or the next wait end.</summary>
    public void Set()
    {
        lock (_lock)
        {
            _isSet = true;
            _waiter?.TrySetResult();
        }
    }

    /// <summary>Waits until the signal is set or <paramref name="limit"/> has passed, and takes the signal back. One waiter at a time.</summary>
    public async ValueTask WaitAsync(TimeSpan limit, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_isSet)
            {
                _isSet = false;
                return;
            }

            _waiter = waiter;
        }

        using var timer = limit == Timeout.InfiniteTimeSpan ? null : time.CreateTimer(_ => waiter.TrySetResult(), null, limit, Timeout.InfiniteTimeSpan);
        using var cancelled = ct.Register(() => waiter.TrySetCanceled(ct));
        try
        {
            await waiter.Task;
        }
        finally
        {
            lock (_lock)
            {
                _waiter = null;
                _isSet = false;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => onDispose?.Invoke(this);
}
