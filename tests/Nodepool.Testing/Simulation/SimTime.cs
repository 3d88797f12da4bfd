namespace Nodepool.Testing.Simulation;

/// <summary>The clock as one process sees it: the time is everybody's, the timers are its own.</summary>
internal sealed class SimTime(SimScheduler scheduler, SimProcess owner) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => scheduler.Now;

    public override long GetTimestamp() => scheduler.Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new SimTimer(scheduler, owner, callback, state, dueTime, period);
}
