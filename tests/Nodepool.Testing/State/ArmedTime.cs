using Microsoft.Extensions.Time.Testing;

namespace Nodepool.Testing.State;

/// <summary>Time that only the test moves, and that tells when somebody has begun to wait for it.</summary>
public sealed class ArmedTime : FakeTimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<TimeSpan> _armed = [];
    private readonly Dictionary<TimeSpan, TaskCompletionSource> _awaited = [];

    /// <summary>Time that begins in the year 2000.</summary>
    public ArmedTime()
        : base(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        TaskCompletionSource? awaited;
        lock (_gate)
        {
            _armed.Add(dueTime);
            _awaited.Remove(dueTime, out awaited);
        }

        awaited?.TrySetResult();
        return timer;
    }

    /// <summary>Completes when a timer of exactly this length has been started.</summary>
    public Task TimerArmedAsync(TimeSpan dueTime)
    {
        lock (_gate)
        {
            if (_armed.Contains(dueTime))
            {
                return Task.CompletedTask;
            }

            if (!_awaited.TryGetValue(dueTime, out var awaited))
            {
                _awaited.Add(dueTime, awaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            return awaited.Task;
        }
    }
}
