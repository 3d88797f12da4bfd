using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Core.Providers;

/// <summary>Optional power of an <see cref="IProvider"/>: its cloud has availability zones, and a launch says in which it is to be (<see cref="LaunchOrder.Az"/>).</summary>
public interface IZonedProvider
{
    /// <summary>Zones in which nodes of a pool may be launched.</summary>
    /// <param name="pool">The pool's section.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>In an order that stays the same; empty where there is nothing to choose.</returns>
    /// <exception cref="ProviderException">The cloud does not answer.</exception>
    ValueTask<ValueList<string>> GetZonesAsync(PoolConfig pool, CancellationToken ct);
}
