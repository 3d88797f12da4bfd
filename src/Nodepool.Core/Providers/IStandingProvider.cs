using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Core.Providers;

/// <summary>
/// Optional power of an <see cref="IProvider"/>: its machines exist already (<see cref="PoolConfig.Machines"/>). The launcher keeps a ready
/// node for each of their slots and launches nothing.
/// </summary>
public interface IStandingProvider
{
    /// <summary>Looks whether a machine answers and is the one that was configured.</summary>
    /// <returns>Its host keys, <c>type base64</c>.</returns>
    /// <exception cref="ProviderException"><see cref="ProviderFault.Unavailable"/>: it does not answer. <see cref="ProviderFault.Rejected"/>: it shows other keys.</exception>
    ValueTask<ValueList<string>> CheckAsync(MachineConfig machine, CancellationToken ct);
}
