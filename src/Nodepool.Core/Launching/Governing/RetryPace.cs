namespace Nodepool.Core.Launching.Governing;

/// <summary>
/// When to call a cloud again that says it is called too often. All that wait for it take turns: if each waited for itself, many would keep knocking as often as one does, and where what is
/// refused counts as well, nothing would ever get through. The time between two turns doubles with trouble that comes back, and shrinks with each answer. Thread-safe.
/// </summary>
/// <param name="sources">Time and chance.</param>
internal sealed class RetryPace(Sources sources)
{
    private const double Shortest = 0.5;

    private const double Longest = 15;

    /// <summary>Nobody waits much longer than that: by then everything may be different.</summary>
    private const double LongestWait = 120;

    /// <summary>What an answer leaves of the time between two turns.</summary>
    private const double KeepAfterAnswer = 0.9;

    private readonly Lock _lock = new();
    private double _between = Shortest / 2;
    private double _grownAt = double.NegativeInfinity;
    private double _next;

    /// <summary>A call was refused as one too many.</summary>
    /// <returns>How long to wait for the next turn.</returns>
    public TimeSpan Refused()
    {
        lock (_lock)
        {
            var now = sources.UnixNow;

            // A clock that was set back would leave everybody waiting; and many that are refused in the same moment are one piece of news.
            _grownAt = Math.Min(_grownAt, now);
            if (now - _grownAt >= _between)
            {
                (_between, _grownAt) = (Math.Clamp(_between * 2, Shortest, Longest), now);
            }

            _next = Math.Max(now, Math.Min(_next, now + LongestWait)) + (_between * (0.5 + sources.Random.NextDouble()));
            return TimeSpan.FromSeconds(_next - now);
        }
    }

    /// <summary>The cloud took a call.</summary>
    public void Answered()
    {
        lock (_lock)
        {
            _between = Math.Max(Shortest, _between * KeepAfterAnswer);
        }
    }
}
