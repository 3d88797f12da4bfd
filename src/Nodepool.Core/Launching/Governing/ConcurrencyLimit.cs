namespace Nodepool.Core.Launching.Governing;

/// <summary>
/// How many launches may be under way at once: additive increase, multiplicative decrease. There is no limit before the first trouble, and again none when
/// trouble has not come back for a while. Times are Unix seconds.
/// </summary>
internal sealed class ConcurrencyLimit
{
    /// <summary>Trouble that did not come back for so long is over.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    /// <summary>A tenth that is added ten times is one.</summary>
    private const double Rounding = 1e-6;

    private double? _limit;
    private double _cutAt = double.NegativeInfinity;
    private double _troubleAt;

    /// <summary>The limit; null: none.</summary>
    public int? Current => _limit is { } limit ? (int)(limit + Rounding) : null;

    /// <summary>When it was cut last.</summary>
    public double CutAt => _cutAt;

    /// <summary>
    /// Too much was under way. What was begun before the last cut is trouble that has been answered already: a burst that is refused costs one cut, not one per refusal.
    /// </summary>
    /// <param name="keep">The part of it that is kept, below 1.</param>
    /// <param name="inFlight">Launches that are under way.</param>
    /// <param name="begun">When the one in trouble was begun.</param>
    /// <param name="now">Now.</param>
    public void Cut(double keep, int inFlight, double begun, double now)
    {
        _troubleAt = now;
        if (begun <= _cutAt)
        {
            return;
        }

        _cutAt = now;
        _limit = Math.Max(1, Math.Min(_limit ?? inFlight, inFlight) * keep);
    }

    /// <summary>A launch went well: one more per round of them, as long as so many are asked for.</summary>
    /// <param name="inFlight">Launches that are under way.</param>
    /// <param name="now">Now.</param>
    public void Grow(int inFlight, double now)
    {
        if (_limit is not { } limit)
        {
            return;
        }

        if (now - _troubleAt > Memory.TotalSeconds)
        {
            Lift();
        }
        else if (inFlight + 1 >= Current)
        {
            _limit = limit + (1.0 / Current);
        }
    }

    /// <summary>No limit any more.</summary>
    public void Lift() => _limit = null;
}
