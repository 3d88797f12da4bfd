using Nodepool.Integration.ImageTools;
using Nodepool.Providers.Local;
using Nodepool.Testing.Providers;

namespace Nodepool.Integration.Providers.Local;

/// <summary>The contract of drivers that take images: imports of a real image, from which virtual machines boot.</summary>
public sealed class LocalImageContractTests(DebianImage built, ImportedImage imported) : ImageProviderContract
{
    protected override async ValueTask<IImageProviderWorld> CreateWorldAsync() => await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
}
