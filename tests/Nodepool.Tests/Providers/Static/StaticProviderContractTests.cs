using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.Static;

public sealed class StaticProviderContractTests : StandingProviderContract
{
    protected override ValueTask<IStandingWorld> CreateWorldAsync() => new(new StaticWorld());
}
