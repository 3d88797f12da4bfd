namespace Nodepool.Core.Launching.Governing;

/// <summary>How long the last launches took that went well, seconds, the newest last.</summary>
internal sealed class LaunchTimes
{
    private const int Most = 60;

    private readonly List<double> _times = [];

    /// <summary>How many are remembered.</summary>
    public int Count => _times.Count;

    /// <summary>Remembers one and forgets the oldest.</summary>
    public void Add(double seconds)
    {
        if (_times.Count == Most)
        {
            _times.RemoveAt(0);
        }

        _times.Add(seconds);
    }

    /// <summary>The time that this part of them stayed below.</summary>
    /// <param name="part">From 0 to 1.</param>
    public double Quantile(double part) => Quantile(_times, part);

    /// <summary>The middle of the newest.</summary>
    public double MiddleOfNewest(int count) => Quantile(_times[^Math.Min(count, _times.Count)..], 0.5);

    /// <summary>The middle of all but the newest.</summary>
    public double MiddleBefore(int newest) => Quantile(_times[..^newest], 0.5);

    /// <summary>Forgets all but the newest.</summary>
    public void KeepNewest(int count) => _times.RemoveRange(0, Math.Max(0, _times.Count - count));

    private static double Quantile(List<double> times, double part)
    {
        var sorted = times.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)(part * sorted.Count))];
    }
}
