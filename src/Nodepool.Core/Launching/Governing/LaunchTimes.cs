namespace Nodepool.Core.Launching.Governing;

/// <summary>How long the last launches took that went well, seconds, the newest last.</summary>
internal sealed class LaunchTimes
{
    private const int Most = 60;

    private readonly List<double> _times = [];

    /// <summary>How many are remembered.</summary>
    public int Count => _times.Count;

    /// <summary>When the newest was added, Unix seconds.</summary>
    public double NewestAt { get; private set; }

    /// <summary>Remembers one and forgets the oldest.</summary>
    /// <param name="seconds">What it took.</param>
    /// <param name="now">Now, Unix seconds.</param>
    public void Add(double seconds, double now)
    {
        NewestAt = now;
        if (_times.Count == Most)
        {
            _times.RemoveAt(0);
        }

        _times.Add(seconds);
    }

    /// <summary>The time that this part of them stayed below.</summary>
    /// <param name="part">From 0 to 1.</param>
    public double Quantile(double part)
    {
        var sorted = _times.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)(part * sorted.Count))];
    }

    /// <summary>Forgets all but the newest.</summary>
    public void KeepNewest(int count) => _times.RemoveRange(0, Math.Max(0, _times.Count - count));
}
