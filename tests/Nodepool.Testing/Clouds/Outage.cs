using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Testing.Clouds;

/// <summary>Calls of all kinds fail, always or by chance, while it lasts.</summary>
/// <param name="spell">When.</param>
/// <param name="share">How many of the calls, 0 to 1.</param>
/// <param name="fault">What the cloud answers.</param>
public sealed class Outage(Spell spell, double share = 1, ProviderFault fault = ProviderFault.Unavailable) : ICloudTrouble
{
    /// <inheritdoc/>
    public FakeFate? Meet(CloudCall call) => spell.Holds(call.At) && (share >= 1 || call.Random.NextDouble() < share) ? FakeFate.Fails(fault) : null;
}
