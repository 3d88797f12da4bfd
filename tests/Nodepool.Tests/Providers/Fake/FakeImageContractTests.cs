using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.Fake;

public sealed class FakeImageContractTests : ImageProviderContract
{
    protected override ValueTask<IImageProviderWorld> CreateWorldAsync()
    {
        var world = new FakeWorld();
        world.Behaviour.UploadLatency = TimeSpan.FromSeconds(30);
        return new(world);
    }
}
