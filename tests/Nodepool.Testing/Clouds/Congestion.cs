using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Testing.Clouds;

/// <summary>
/// A cloud that builds so many instances at once as fast as one; with more, each takes longer by the square of how many times as many there are, so that together
/// they take longer than one after the other.
/// </summary>
/// <param name="knee">Instances at once that it builds at full speed.</param>
public sealed class Congestion(int knee) : ICloudTrouble
{
    /// <inheritdoc/>
    public FakeFate? Meet(CloudCall call)
    {
        var load = (call.Building + 1) / (double)knee;
        return call.Operation == FakeOperation.Create && load > 1 ? new FakeFate { Boot = call.Boot * load * load } : null;
    }
}
