using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.Static;

/// <summary>Hosts that take a while to answer.</summary>
public sealed class SlowStaticProviderContractTests : ProviderContract
{
    protected override ValueTask<IProviderWorld> CreateWorldAsync()
    {
        var world = new StaticWorld();
        var slow = new ScanScript(TimeSpan.FromSeconds(2), [StaticWorld.Key]);
        world.Found["big.example"] = slow;
        world.Found["203.0.113.9"] = slow;
        return new(world);
    }
}
