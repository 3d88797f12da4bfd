using Microsoft.Extensions.Time.Testing;

namespace Nodepool.Tests.Operations;

/// <summary>Time that moves only while somebody waits for it: however the threads of a test are scheduled, nobody is overtaken by it.</summary>
internal sealed class PendingTime : FakeTimeProvider
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Timer, DateTimeOffset> _pending = [];

    /// <summary>Passes from one awaited moment to the next until the task is over or that much time has passed.</summary>
    public async Task PassAsync(Task until, TimeSpan limit)
    {
        var end = GetUtcNow() + limit;
        while (!until.IsCompleted && GetUtcNow() < end)
        {
            if (Next() is { } next)
            {
                SetUtcNow(next < end ? next : end);
            }

            await Task.Yield();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this);
        timer.Inner = base.CreateTimer(
            given =>
            {
                timer.Forget();
                callback(given);
            },
            state,
            Timeout.InfiniteTimeSpan,
            period);
        timer.Change(dueTime, period);
        return timer;
    }

    private DateTimeOffset? Next()
    {
        lock (_gate)
        {
            return _pending.Count == 0 ? null : _pending.Values.Min();
        }
    }

    private sealed class Timer(PendingTime time) : ITimer
    {
        public ITimer? Inner { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Forget();
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                lock (time._gate)
                {
                    time._pending[this] = time.GetUtcNow() + dueTime;
                }
            }

            return Inner!.Change(dueTime, period);
        }

        public void Forget()
        {
            lock (time._gate)
            {
                time._pending.Remove(this);
            }
        }

        public void Dispose()
        {
            Forget();
            Inner!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
