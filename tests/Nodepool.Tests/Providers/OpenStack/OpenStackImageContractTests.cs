using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.OpenStack;

public sealed class OpenStackImageContractTests : ImageProviderContract
{
    protected override ValueTask<IImageProviderWorld> CreateWorldAsync() => new(new OpenStackWorld(OpenStackSections.MakeBuilt()));
}
