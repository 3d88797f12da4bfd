namespace Nodepool.Testing.Simulation;

/// <summary>A timer on simulated time. Its callback runs in the process that made it, and never after that process died.</summary>
internal sealed class SimTimer : ITimer
{
    private readonly SimScheduler _scheduler;
    private readonly SimProcess _owner;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private TimeSpan _period;
    private int _arming;
    private bool _isDisposed;

    public SimTimer(SimScheduler scheduler, SimProcess owner, TimerCallback callback, object? state, TimeSpan due, TimeSpan period)
    {
        _scheduler = scheduler;
        _owner = owner;
        _callback = callback;
        _state = state;
        Change(due, period);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_isDisposed)
        {
            return false;
        }

        _arming++;
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _scheduler.Arm(this, _arming, dueTime);
        }

        return true;
    }

    /// <summary>The time has come, unless the timer was changed since.</summary>
    public void Fire(int arming)
    {
        if (_isDisposed || arming != _arming)
        {
            return;
        }

        _scheduler.Post(_owner, _ =>
        {
            if (!_isDisposed && arming == _arming)
            {
                if (_period != Timeout.InfiniteTimeSpan && _period > TimeSpan.Zero)
                {
                    _scheduler.Arm(this, _arming, _period);
                }

                _callback(_state);
            }
        }, null);
    }

    public void Dispose() => _isDisposed = true;

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ValueTask.CompletedTask;
    }
}
