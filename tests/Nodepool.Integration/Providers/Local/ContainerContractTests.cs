using Nodepool.Integration.ImageTools;
using Nodepool.Providers.Local;
using Nodepool.Testing.Providers;

namespace Nodepool.Integration.Providers.Local;

/// <summary>The contract of drivers on containers.</summary>
public sealed class ContainerContractTests(DebianImage built, ImportedImage imported) : ProviderContract
{
    protected override async ValueTask<IProviderWorld> CreateWorldAsync() => await LocalWorld.CreateAsync(LocalKind.Container, built, imported);
}
