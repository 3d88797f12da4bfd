using Nodepool.Testing.Providers;

namespace Nodepool.Integration.Providers;

public sealed class StaticProviderContractTests : StandingProviderContract
{
    protected override async ValueTask<IStandingWorld> CreateWorldAsync() => await StaticWorld.StartAsync();
}
