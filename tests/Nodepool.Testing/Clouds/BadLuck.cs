using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Testing.Clouds;

/// <summary>Some of the calls of a kind meet a fate, while it lasts.</summary>
/// <param name="spell">When.</param>
/// <param name="operation">Kind of call; null for all.</param>
/// <param name="share">How many of them, 0 to 1.</param>
/// <param name="fate">What becomes of them.</param>
public sealed class BadLuck(Spell spell, FakeOperation? operation, double share, FakeFate fate) : ICloudTrouble
{
    /// <inheritdoc/>
    public FakeFate? Meet(CloudCall call) =>
        (operation is null || call.Operation == operation) && spell.Holds(call.At) && call.Random.NextDouble() < share ? fate : null;
}
