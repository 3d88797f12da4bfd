using Nodepool.Core.Reconciling;

namespace Nodepool.Core.Launching.Governing;

/// <summary>
/// Stops what fails altogether, and tries it again by single probes: closed, open until <see cref="ProbeAt"/>, then half open. Times are Unix seconds. What was
/// begun before it opened tells nothing new when it fails as well, and everything when it succeeds.
/// </summary>
/// <param name="threshold">Failures in a row that open it.</param>
internal sealed class CircuitBreaker(int threshold)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private int _failures;
    private int _trips;

    /// <summary>Since when it is open; null: it is closed.</summary>
    public double? OpenSince { get; private set; }

    /// <summary>When it opened last, or a probe failed.</summary>
    public double? TrippedAt { get; private set; }

    /// <summary>From when on a probe may be made.</summary>
    public double? ProbeAt { get; private set; }

    /// <summary>The last failure, for people.</summary>
    public string? Failure { get; private set; }

    /// <summary>That was a refusal: it is of no use to wait for better times.</summary>
    public bool IsRefusal { get; private set; }

    /// <summary>Something failed.</summary>
    /// <param name="reason">Why, for people.</param>
    /// <param name="isRefusal">It would fail however often it were asked for.</param>
    /// <param name="begun">When it was begun.</param>
    /// <param name="now">Now.</param>
    /// <param name="chance">In [0, 1), for the length of the wait.</param>
    /// <returns>Whether this opened it.</returns>
    public bool Failed(string reason, bool isRefusal, double begun, double now, double chance)
    {
        _failures++;
        (Failure, IsRefusal) = (reason, isRefusal);
        if (OpenSince is null ? _failures < threshold : begun < TrippedAt)
        {
            return false;
        }

        var isNew = OpenSince is null;
        OpenSince ??= now;
        TrippedAt = now;
        ProbeAt = now + Backoff.Delay(++_trips, FirstWait, LongestWait, chance).TotalSeconds;
        return isNew;
    }

    /// <summary>Something succeeded.</summary>
    /// <returns>Whether this closed it.</returns>
    public bool Succeeded()
    {
        var wasOpen = OpenSince is not null;
        (_failures, _trips, OpenSince, TrippedAt, ProbeAt, Failure, IsRefusal) = (0, 0, null, null, null, null, false);
        return wasOpen;
    }
}
