using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Testing.Clouds;

/// <summary>Instances take so many times as long to run, all or some of them, while it lasts.</summary>
/// <param name="spell">When.</param>
/// <param name="factor">How many times as long.</param>
/// <param name="share">How many of the instances, 0 to 1.</param>
public sealed class SlowBoots(Spell spell, double factor, double share = 1) : ICloudTrouble
{
    /// <inheritdoc/>
    public FakeFate? Meet(CloudCall call) =>
        call.Operation == FakeOperation.Create && spell.Holds(call.At) && (share >= 1 || call.Random.NextDouble() < share) ? new FakeFate { Boot = call.Boot * factor } : null;
}
