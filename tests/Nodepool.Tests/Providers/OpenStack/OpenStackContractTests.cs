using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.OpenStack;

public sealed class OpenStackContractTests : ProviderContract
{
    protected override ValueTask<IProviderWorld> CreateWorldAsync() => new(new OpenStackWorld());
}
