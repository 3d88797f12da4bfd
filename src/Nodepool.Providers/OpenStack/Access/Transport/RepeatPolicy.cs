using Nodepool.Core;

namespace Nodepool.Providers.OpenStack.Access.Transport;

/// <summary>How often and when a call is made again that failed for a reason that passes. Whoever calls has patience of its own: this only bridges moments.</summary>
internal sealed class RepeatPolicy(Sources sources)
{
    private const int MostAttempts = 4;

    /// <summary>The longest that a call waits for its service; what takes longer is for the caller to decide.</summary>
    public static TimeSpan LongestWait { get; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait before the next attempt; null when there is to be none.</summary>
    /// <param name="attempts">Attempts so far.</param>
    /// <param name="asked">The time that the service asks for; null: none.</param>
    public TimeSpan? Delay(int attempts, TimeSpan? asked)
    {
        // Half a second, one, two: not all at the same moment.
        var usual = TimeSpan.FromSeconds(Math.Pow(2, attempts - 2) * (0.75 + (sources.Random.NextDouble() / 2)));
        return attempts >= MostAttempts || asked > LongestWait ? null : asked is { } wait && wait > usual ? wait : usual;
    }

    /// <summary>Waits.</summary>
    public Task WaitAsync(TimeSpan time, CancellationToken ct) => Task.Delay(time, sources.Time, ct);
}
