namespace Nodepool.Providers.OpenStack.Access.Transport;

/// <summary>
/// Lets calls pass one after the other: with a least time between two, and not too many under way, because each takes its place in the
/// service's queue and its time runs there. Who is more urgent goes first, else who came first. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="most">How many may be under way.</param>
internal sealed class CallPacer(TimeProvider time, int most = CallPacer.UsualMost)
{
    private const int UsualMost = 12;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, (CallPriority Priority, long Number)> _waiting = new();
    private long _number;
    private int _running;
    private DateTimeOffset _next;
    private ITimer? _timer;

    /// <summary>Least time between the beginnings of two calls; zero is no limit. May change at any time.</summary>
    public TimeSpan Interval { get; set; }

    /// <summary>Waits for the turn.</summary>
    /// <returns>To be disposed when the call is over.</returns>
    public async ValueTask<IDisposable> EnterAsync(CallPriority priority, CancellationToken ct)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var giveUp = ct.Register(() => turn.TrySetCanceled(ct)).ConfigureAwait(false);
        lock (_lock)
        {
            _waiting.Enqueue(turn, (priority, _number++));
            Admit();
        }

        await turn.Task.ConfigureAwait(false);
        return new Turn(this);
    }

    /// <summary>Lets in whose turn it is; under the lock.</summary>
    private void Admit()
    {
        while (_waiting.Count > 0 && _running < most)
        {
            var now = time.GetUtcNow();
            if (now < _next && Interval > TimeSpan.Zero)
            {
                _timer ??= time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(_next - now, Timeout.InfiniteTimeSpan);
                return;
            }

            // Who has given up meanwhile takes no turn.
            if (_waiting.Dequeue().TrySetResult())
            {
                _running++;
                _next = now + Interval;
            }
        }
    }

    private void Wake()
    {
        lock (_lock)
        {
            Admit();
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _running--;
            Admit();
        }
    }

    private sealed class Turn(CallPacer pacer) : IDisposable
    {
        private CallPacer? _pacer = pacer;

        public void Dispose() => Interlocked.Exchange(ref _pacer, null)?.Leave();
    }
}
