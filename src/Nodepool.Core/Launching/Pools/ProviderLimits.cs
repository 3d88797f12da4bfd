using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// What the cloud lets us use, asked for again from time to time and when it says "quota"; after that, launches pause for a while that
/// grows as long as the cloud keeps saying it. Nothing here needs to survive a restart.
/// </summary>
public sealed partial class ProviderLimits(IProvider provider, Sources sources, ILogger logger)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>While somebody waits for room: what others use there may become free at any time, and nothing tells of it.</summary>
    private static readonly TimeSpan LifetimeWhenFull = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstClosure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestClosure = TimeSpan.FromSeconds(30);

    private readonly NextTurn _turn = new(sources.Time, Lifetime);
    private readonly NextTurn _turnWhenFull = new(sources.Time, LongestDelay);
    private DateTimeOffset _closedUntil = DateTimeOffset.MinValue;
    private ProviderConfig? _asked;
    private int _refusals;
    private int _failures;

    /// <summary>The newest answer.</summary>
    public Quota Current { get; private set; } = Quota.Unlimited;

    /// <summary>The cloud has said "quota" a moment ago.</summary>
    public bool IsClosed => sources.Time.GetUtcNow() < _closedUntil;

    /// <summary>Until when it is closed, Unix seconds; null when it is not.</summary>
    public double? ClosedUntil => IsClosed ? _closedUntil.ToUnixTimeMilliseconds() / 1000.0 : null;

    /// <summary>When a pass should look again although nothing changed.</summary>
    public TimeSpan? ReopensAfter => IsClosed ? _closedUntil - sources.Time.GetUtcNow() : null;

    /// <summary>
    /// Asks the cloud if the last answer is old, or was for another section. A cloud that does not answer leaves the last answer in force.
    /// </summary>
    /// <param name="section">The provider's section now.</param>
    /// <param name="isFull">A request waits for room.</param>
    /// <param name="ct">Ends the wait.</param>
    public async ValueTask RefreshAsync(ProviderConfig section, bool isFull, CancellationToken ct)
    {
        if (!_turn.IsDue && !(isFull && _turnWhenFull.IsDue) && (ReferenceEquals(section, _asked) || section == _asked))
        {
            _asked = section;
            return;
        }

        try
        {
            Current = await provider.GetLimitsAsync(section, ct);
            (_asked, _failures) = (section, 0);
            _turn.After(Lifetime);
            _turnWhenFull.After(LifetimeWhenFull);
        }
        catch (ProviderException e)
        {
            var delay = Backoff.Delay(++_failures, FirstDelay, LongestDelay, sources.Random.NextDouble());
            _turn.After(delay);
            _turnWhenFull.After(delay);
            _asked = section;
            LogNoLimits(logger, e.Fault, e.Message);
        }
    }

    /// <summary>The cloud refused a launch for want of quota.</summary>
    public void Refused()
    {
        var now = sources.Time.GetUtcNow();
        _turn.After(TimeSpan.Zero);
        if (now >= _closedUntil)
        {
            _closedUntil = now + Backoff.Delay(++_refusals, FirstClosure, LongestClosure, sources.Random.NextDouble());
        }
    }

    /// <summary>The cloud took a launch.</summary>
    public void Accepted() => _refusals = 0;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot read the provider's limits, going on with the last ones: {Fault}: {Reason}")]
    private static partial void LogNoLimits(ILogger logger, ProviderFault fault, string reason);
}
