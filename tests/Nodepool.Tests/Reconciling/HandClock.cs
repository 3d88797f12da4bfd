namespace Nodepool.Tests.Reconciling;

/// <summary>A clock that shows what it is set to, and time that passes by itself.</summary>
internal sealed class HandClock : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(1);
    private TimeSpan _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Seconds that it shows.</summary>
    public double Shown => (_now - DateTimeOffset.UnixEpoch).TotalSeconds;

    public void Pass(TimeSpan time) => (_now, _passed) = (_now + time, _passed + time);

    public void Set(TimeSpan by) => _now += by;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _passed.Ticks;
}
