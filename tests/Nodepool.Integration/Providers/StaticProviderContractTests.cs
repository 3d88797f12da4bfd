using Nodepool.Testing.Providers;

namespace Nodepool.Integration.Providers;

public sealed class StaticProviderContractTests : ProviderContract
{
    protected override async ValueTask<IProviderWorld> CreateWorldAsync() => await StaticWorld.StartAsync();
}
