namespace Nodepool.Core.Reconciling;

/// <summary>
/// Notices that the clock of the host was set: what it shows has moved on by more than the time that has passed. Not for several threads.
/// </summary>
/// <param name="time">Clock and passing time.</param>
internal sealed class ClockWatch(TimeProvider time)
{
    /// <summary>Clocks that are corrected bit by bit move less than that between two looks.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    private long _timestamp = time.GetTimestamp();
    private DateTimeOffset _now = time.GetUtcNow();
    private double? _setForwardTo;

    /// <summary>Looks at the clock; to be called at least every few minutes.</summary>
    /// <returns>What it was set forward to, Unix seconds: moments before that have passed, but not the time until them. Null when it was not, or was set back since.</returns>
    public double? Look()
    {
        var (timestamp, now) = (time.GetTimestamp(), time.GetUtcNow());
        var leap = now - _now - time.GetElapsedTime(_timestamp, timestamp);
        if (leap.Duration() > Tolerance)
        {
            _setForwardTo = leap > TimeSpan.Zero ? (now - DateTimeOffset.UnixEpoch).TotalSeconds : null;
        }

        (_timestamp, _now) = (timestamp, now);
        return _setForwardTo;
    }
}
