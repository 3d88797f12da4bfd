using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Integration.ImageTools;
using Nodepool.Providers.Local;

[assembly: AssemblyFixture(typeof(Nodepool.Integration.Providers.Local.ImportedImage))]

namespace Nodepool.Integration.Providers.Local;

/// <summary>The built image as the driver keeps it; imported once per run, when the first test asks for it.</summary>
public sealed class ImportedImage : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("nodepool-import-").FullName;
    private readonly SemaphoreSlim _gate = new(1);
    private string? _directory;

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        await FileTrees.RemoveAsync([_root], TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Directory of the imported image, to be linked to by others.</summary>
    public async Task<string> GetAsync(DebianImage built, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            return _directory ??= await ImportAsync(await built.GetAsync(ct), ct);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<string> ImportAsync(IReadOnlyDictionary<string, string> files, CancellationToken ct)
    {
        var context = new DriverContext(SystemSources.Create(), NullLoggerFactory.Instance, _root);
        await using var provider = new LocalDriver().Open(new ProviderConfig { Name = "importer", Driver = LocalDriver.DriverName }, context);
        var order = new ImageUploadOrder("debian", LocalWorld.Image, files, ValueMap<string>.Empty);
        var name = await ((IImageProvider)provider).UploadImageAsync(order, new Progress<double>(), ct);
        return new LocalPaths(context.Directory).Image(name).Directory;
    }
}
