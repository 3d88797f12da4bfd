using Nodepool.Testing.Providers;

namespace Nodepool.Integration.OpenStack;

/// <summary>The contract of drivers that take images, on a real Glance.</summary>
public sealed class LabImageContractTests : ImageProviderContract
{
    protected override async ValueTask<IImageProviderWorld> CreateWorldAsync() => await LabWorld.CreateAsync();
}
