using Cronos;

namespace Nodepool.Core.Config;

/// <summary>A time that comes again and again, in which a label has other ready nodes than usually; one element of <c>min-ready-schedule</c>.</summary>
/// <param name="Cron">When it begins: five fields of cron; <c>cron</c>.</param>
/// <param name="Duration">How long it lasts; <c>duration</c>, seconds in the file.</param>
/// <param name="Count">Ready nodes to keep meanwhile; <c>count</c>.</param>
/// <param name="TimeZone">Whose clock the beginning is read from, as the system's time zones are called; <c>timezone</c>.</param>
public sealed record ReadyWindow(string Cron, TimeSpan Duration, int Count, string TimeZone = "UTC")
{
    /// <summary>It has begun and is not over.</summary>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public bool IsOpen(double unixNow)
    {
        var now = At(unixNow);
        return Expression.GetOccurrences(now - Duration, now, Zone, fromInclusive: false, toInclusive: true).Any();
    }

    /// <summary>Time until it may begin or end; null when it never does.</summary>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public TimeSpan? UntilChange(double unixNow)
    {
        var now = At(unixNow);
        var begin = Expression.GetNextOccurrence(now, Zone);
        var end = Expression.GetOccurrences(now - Duration, now, Zone, fromInclusive: false, toInclusive: true).Select(begun => (DateTimeOffset?)begun + Duration).FirstOrDefault();
        return (begin < end || end is null ? begin : end) - now;
    }

    private CronExpression Expression => CronExpression.Parse(Cron);

    private TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    private static DateTimeOffset At(double unix) => DateTimeOffset.UnixEpoch.AddSeconds(unix);
}
