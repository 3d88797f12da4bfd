using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Testing.Clouds;

/// <summary>One way in which a cloud misbehaves. Has no clock: what it does depends on the calls alone.</summary>
public interface ICloudTrouble
{
    /// <summary>What becomes of a call; null when this trouble leaves it alone.</summary>
    FakeFate? Meet(CloudCall call);
}
