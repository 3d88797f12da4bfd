using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.Fake;

/// <summary>A cloud whose every call and change takes its time.</summary>
public sealed class SlowFakeProviderContractTests : ProviderContract
{
    protected override ValueTask<IProviderWorld> CreateWorldAsync()
    {
        var world = new FakeWorld();
        world.Behaviour.ApiLatency = TimeSpan.FromMilliseconds(200);
        world.Behaviour.CreateLatency = TimeSpan.FromSeconds(20);
        world.Behaviour.DeleteLatency = TimeSpan.FromSeconds(5);
        return new(world);
    }
}
