using Nodepool.Core.Model;

namespace Nodepool.Core.Launching.Governing;

/// <summary>What is known of launches of one kind, and what follows from it. Times are Unix seconds.</summary>
internal sealed class LaunchLane
{
    /// <summary>So many stop what fails.</summary>
    public const int FailuresInARow = 5;

    /// <summary>So many of the last outcomes are counted.</summary>
    private const int Outcomes = 20;

    /// <summary>What is kept of the concurrency when more than half of them failed.</summary>
    private const double KeepAfterFailures = 0.5;

    /// <summary>Times of fewer launches say too little.</summary>
    private const int FewestTimes = 5;

    private const double Late = 3;

    /// <summary>From one time that is told to the next.</summary>
    private const double Step = 1.25;

    /// <summary>What launches took so long ago says nothing about the next.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(15);

    private readonly Queue<bool> _outcomes = new();

    /// <param name="failuresInARow">So many open its breaker.</param>
    public LaunchLane(int failuresInARow = FailuresInARow) => (Breaker, Punctuality) = (new CircuitBreaker(failuresInARow), new Punctuality(Limit));

    /// <summary>Whether anything may be launched.</summary>
    public CircuitBreaker Breaker { get; }

    /// <summary>How many at once.</summary>
    public ConcurrencyLimit Limit { get; } = new();

    /// <summary>How long they take.</summary>
    public LaunchTimes Times { get; } = new();

    /// <summary>Whether they take as long as is expected.</summary>
    public Punctuality Punctuality { get; }

    /// <summary>How many are under way.</summary>
    public int InFlight { get; set; }

    /// <summary>A launch went well.</summary>
    /// <returns>Whether this closed the breaker.</returns>
    public bool Succeeded(double now)
    {
        Count(isFailure: false);
        Limit.Grow(InFlight, now);
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
    public bool Failed(string reason, bool isRefusal, double begun, double now, double chance)
    {
        Count(isFailure: true);
        if (_outcomes.Count == Outcomes && _outcomes.Count(failure => failure) > Outcomes / 2)
        {
            Limit.Cut(KeepAfterFailures, InFlight, begun, now);
        }

        return Breaker.Failed(reason, isRefusal, begun, now, chance);
    }

    /// <summary>
    /// Seconds after which a launch is late: three times what the fastest quarter takes, or a multiple of that where this was no help. (Neither the middle nor a high quantile: both grow with
    /// the trouble that they are to show.) Coarse, because it is told to others whenever it changes.
    /// </summary>
    /// <param name="launchTimeout">Time limit of an attempt; without experience a quarter of it.</param>
    public double Patience(TimeSpan launchTimeout)
    {
        if (Times.Count < FewestTimes)
        {
            return launchTimeout.TotalSeconds / 4;
        }

        return Math.Min(Coarse(Math.Max(LeastPatience.TotalSeconds, Late * Punctuality.Tolerance * Times.Quantile(0.25))), launchTimeout.TotalSeconds / 2);
    }

    /// <summary>Nothing is held back here: what goes wrong now is not only its own affair.</summary>
    public bool IsFree => Limit.Current is null && Breaker.OpenSince is null;

    /// <summary>What it lets through.</summary>
    /// <param name="patience">See <see cref="Patience"/>; null: not known of this lane.</param>
    /// <param name="now">Now.</param>
    public LaneTerms Terms(double? patience, double now) => new()
    {
        Limit = Limit.Current,
        OpenSince = Breaker.OpenSince,
        TrippedAt = Breaker.TrippedAt,
        ProbeAt = Breaker.ProbeAt,
        IsRefusal = Breaker is { OpenSince: not null, IsRefusal: true },
        Failure = Breaker.OpenSince is null ? null : Breaker.Failure,
        Patience = patience,
        Usual = Times.Count >= FewestTimes && now - Times.NewestAt < Memory.TotalSeconds ? Coarse(Times.Quantile(0.5)) : null,
        IsSlow = Punctuality.IsPoor,
    };

    private static double Coarse(double seconds) => Math.Round(Math.Pow(Step, Math.Ceiling(Math.Log(Math.Max(1, seconds), Step))));

    private void Count(bool isFailure)
    {
        _outcomes.Enqueue(isFailure);
        if (_outcomes.Count > Outcomes)
        {
            _outcomes.Dequeue();
        }
    }
}
