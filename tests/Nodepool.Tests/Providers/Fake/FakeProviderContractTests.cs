using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.Fake;

/// <summary>A cloud that does everything at once.</summary>
public sealed class FakeProviderContractTests : ProviderContract
{
    protected override ValueTask<IProviderWorld> CreateWorldAsync() => new(new FakeWorld());
}
