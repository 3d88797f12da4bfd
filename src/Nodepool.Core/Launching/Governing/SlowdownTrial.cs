namespace Nodepool.Core.Launching.Governing;

/// <summary>
/// Launches take much longer than they used to. Either too many are under way, then fewer take less time and as many get ready; or the cloud is slow for
/// reasons of its own, then fewer only make it worse. Nobody says which, so it is tried: a cut that does not help is taken back, and what they take now is what is usual.
/// </summary>
/// <param name="times">What launches took.</param>
/// <param name="limit">What is cut.</param>
internal sealed class SlowdownTrial(LaunchTimes times, ConcurrencyLimit limit)
{
    /// <summary>So many launches are compared with what was before.</summary>
    private const int Sample = 8;

    /// <summary>So many times longer is much longer.</summary>
    private const double Much = 2;

    private const double Keep = 0.7;

    /// <summary>It has helped when they take less than this part of what they took.</summary>
    private const double Better = 0.85;

    private double? _before;
    private int _seen;

    /// <summary>A launch went well; its time is among the others.</summary>
    /// <param name="inFlight">Launches that are under way.</param>
    /// <param name="begun">When it was begun, Unix seconds.</param>
    /// <param name="now">Now, Unix seconds.</param>
    public void Succeeded(int inFlight, double begun, double now)
    {
        if (_before is { } before)
        {
            if (begun > limit.CutAt && ++_seen >= Sample)
            {
                _before = null;
                if (times.MiddleOfNewest(Sample) >= before * Better)
                {
                    limit.Lift();
                    times.KeepNewest(Sample);
                }
            }
        }
        else if (times.Count >= 2 * Sample && inFlight > 1 && times.MiddleOfNewest(Sample) > Much * times.MiddleBefore(Sample))
        {
            (_before, _seen) = (times.MiddleOfNewest(Sample), 0);
            limit.Cut(Keep, inFlight, begun: now, now);
        }
    }
}
