using Nodepool.Core.Model;

namespace Nodepool.Core.Launching.Governing;

/// <summary>What is known of launches of one kind, and what follows from it. Times are Unix seconds.</summary>
internal sealed class LaunchLane
{
    private const int FailuresInARow = 5;

    /// <summary>So many of the last outcomes are counted.</summary>
    private const int Outcomes = 20;

    /// <summary>What is kept of the concurrency when more than half of them failed.</summary>
    private const double KeepAfterFailures = 0.5;

    /// <summary>Times of fewer launches say too little.</summary>
    private const int FewestTimes = 5;

    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(15);

    private readonly Queue<bool> _outcomes = new();
    private readonly SlowdownTrial _slowdown;

    public LaunchLane() => _slowdown = new SlowdownTrial(Times, Limit);

    /// <summary>Whether anything may be launched.</summary>
    public CircuitBreaker Breaker { get; } = new(FailuresInARow);

    /// <summary>How many at once.</summary>
    public ConcurrencyLimit Limit { get; } = new();

    /// <summary>How long they take.</summary>
    public LaunchTimes Times { get; } = new();

    /// <summary>How many are under way.</summary>
    public int InFlight { get; set; }

    /// <summary>A launch went well.</summary>
    /// <returns>Whether this closed the breaker.</returns>
    public bool Succeeded(double seconds, double begun, double now)
    {
        Times.Add(seconds);
        Count(isFailure: false);
        Limit.Grow(InFlight, now);
        _slowdown.Succeeded(InFlight, begun, now);
        if (!Breaker.Succeeded())
        {
            return false;
        }

        // It did not fail because of too many at once but altogether, and no longer does.
        Limit.Lift();
        _outcomes.Clear();
        return true;
    }

    /// <summary>An attempt failed.</summary>
    /// <returns>Whether this opened the breaker.</returns>
    public bool Failed(string reason, double begun, double now, double chance)
    {
        Count(isFailure: true);
        if (_outcomes.Count == Outcomes && _outcomes.Count(failure => failure) > Outcomes / 2)
        {
            Limit.Cut(KeepAfterFailures, InFlight, begun, now);
        }

        return Breaker.Failed(reason, begun, now, chance);
    }

    /// <summary>
    /// Seconds after which a launch is unlikely to end soon: twice what nineteen of twenty take. Coarse, because it is told to others whenever it changes.
    /// </summary>
    /// <param name="launchTimeout">Time limit of an attempt; without experience a quarter of it.</param>
    public double Patience(TimeSpan launchTimeout)
    {
        if (Times.Count < FewestTimes)
        {
            return launchTimeout.TotalSeconds / 4;
        }

        var steps = Math.Ceiling(Math.Log(Math.Max(LeastPatience.TotalSeconds, 2 * Times.Quantile(0.95)), 1.25));
        return Math.Min(Math.Round(Math.Pow(1.25, steps)), launchTimeout.TotalSeconds / 2);
    }

    /// <summary>What it lets through.</summary>
    public LaneTerms Terms(double? patience) => new()
    {
        Limit = Limit.Current,
        OpenSince = Breaker.OpenSince,
        TrippedAt = Breaker.TrippedAt,
        ProbeAt = Breaker.ProbeAt,
        Failure = Breaker.OpenSince is null ? null : Breaker.Failure,
        Patience = patience,
    };

    private void Count(bool isFailure)
    {
        _outcomes.Enqueue(isFailure);
        if (_outcomes.Count > Outcomes)
        {
            _outcomes.Dequeue();
        }
    }
}
