namespace Nodepool.Providers.Fake.Cloud;

/// <summary>Everything that a <see cref="FakeCloud"/> shows at one moment.</summary>
/// <param name="Servers">Instances, in no promised order.</param>
/// <param name="Images">Images, unready ones too.</param>
public sealed record FakeListing(IReadOnlyList<FakeServer> Servers, IReadOnlyList<FakeImage> Images);
