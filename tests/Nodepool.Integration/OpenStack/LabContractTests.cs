using Nodepool.Testing.Providers;

namespace Nodepool.Integration.OpenStack;

/// <summary>The contract of drivers, on a real Nova.</summary>
public sealed class LabContractTests : ProviderContract
{
    protected override async ValueTask<IProviderWorld> CreateWorldAsync() => await LabWorld.CreateAsync();
}
