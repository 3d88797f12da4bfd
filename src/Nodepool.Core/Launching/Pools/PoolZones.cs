using Microsoft.Extensions.Logging;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;

namespace Nodepool.Core.Launching.Pools;

/// <summary>The availability zones of a pool, asked for again from time to time. Nothing here needs to survive a restart.</summary>
internal sealed partial class PoolZones(IProvider provider, Sources sources, ILogger logger)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private PoolConfig? _asked;
    private readonly NextTurn _turn = new(sources.Time, Lifetime);
    private int _failures;

    /// <summary>The newest answer; empty where there is nothing to choose.</summary>
    public ValueList<string> Current { get; private set; } = [];

    /// <summary>Asks if the last answer is old, or was for another section. A cloud that does not answer leaves the last answer in force.</summary>
    public async ValueTask RefreshAsync(PoolConfig section, CancellationToken ct)
    {
        if (provider is not IZonedProvider zoned || (!_turn.IsDue && (ReferenceEquals(section, _asked) || section == _asked)))
        {
            return;
        }

        _asked = section;
        try
        {
            Current = await zoned.GetZonesAsync(section, ct);
            _turn.After(Lifetime);
            _failures = 0;
        }
        catch (ProviderException e)
        {
            _turn.After(Backoff.Delay(++_failures, FirstDelay, LongestDelay, sources.Random.NextDouble()));
            LogNoZones(logger, e.Fault, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot read the availability zones, going on with the last ones: {Fault}: {Reason}")]
    private static partial void LogNoZones(ILogger logger, ProviderFault fault, string reason);
}
