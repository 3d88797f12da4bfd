using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.Static;

public sealed class StaticProviderContractTests : ProviderContract
{
    protected override ValueTask<IProviderWorld> CreateWorldAsync() => new(new StaticWorld());
}
