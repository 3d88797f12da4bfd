using System.Security.Cryptography;
using System.Text;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.ImageTools;

[assembly: AssemblyFixture(typeof(Nodepool.Integration.ImageTools.DebianImage))]

namespace Nodepool.Integration.ImageTools;

/// <summary>
/// The image that the driver <c>local</c> boots nodes from, built once for all tests that want it: with the product's tool, as <c>./dev up</c> does.
/// Kept beside the test program for a day, as long as the tool's recipe is the same, so that a second run need not wait for it.
/// </summary>
public sealed class DebianImage : IDisposable
{
    /// <summary>Directory beside the test program.</summary>
    public const string DirectoryName = "test-images";

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _gate = new(1);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>Format (<c>tar</c>, <c>qcow2</c>) to absolute path; builds at the first call.</summary>
    public async Task<IReadOnlyDictionary<string, string>> GetAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            var settings = new MmdebstrapSettings();
            var directory = Path.Combine(AppContext.BaseDirectory, DirectoryName);
            var output = Path.Combine(directory, "debian-" + Recipe(settings));
            var order = new ImageBuildOrder(new DiskImageConfig { Name = "debian" }, ["qcow2", "tar"], output, output + ".log", null);
            if (IsFresh(order))
                return ImageOutput.Result(order).Files;
            if (Directory.Exists(directory))
                Directory.Delete(directory, recursive: true);
            Directory.CreateDirectory(directory);
            return (await new MmdebstrapTool(TimeProvider.System, settings).BuildAsync(order, new PhaseLog(), ct)).Files;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static bool IsFresh(ImageBuildOrder order) =>
        order.Formats.Select(format => new FileInfo(ImageOutput.PathOf(order, format) + ".sha256"))
            .All(file => file.Exists && TimeProvider.System.GetUtcNow() - file.LastWriteTimeUtc < KeptFor);

    private static string Recipe(MmdebstrapSettings settings) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings.CustomizeScript + settings.Packages)))[..12];
}
