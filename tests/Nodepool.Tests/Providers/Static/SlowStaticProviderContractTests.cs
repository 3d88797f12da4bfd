using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.Static;

/// <summary>Hosts that take a while to answer.</summary>
public sealed class SlowStaticProviderContractTests : StandingProviderContract
{
    protected override ValueTask<IStandingWorld> CreateWorldAsync() => new(new StaticWorld(TimeSpan.FromMilliseconds(800)));
}
