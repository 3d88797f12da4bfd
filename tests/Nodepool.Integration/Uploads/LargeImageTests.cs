using System.Globalization;
using Nodepool.Core;
using Nodepool.ImageTools;

namespace Nodepool.Integration.Uploads;

/// <summary>Images are larger than memory. <c>NODEPOOL_TEST_IMAGE_GB</c> says how large the one here is.</summary>
public sealed class LargeImageTests : IDisposable
{
    private const string Build = "0123456789abcdef0123456789abcdef";
    private const long MostGrowth = 100L << 20;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("nodepool-large-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Checksums_OfALargeSparseImage_HoldMemoryFlat()
    {
        var gigabytes = int.TryParse(Environment.GetEnvironmentVariable("NODEPOOL_TEST_IMAGE_GB"), CultureInfo.InvariantCulture, out var given) ? given : 1;
        var files = new DiskBuildFiles(_directory.FullName, SystemSources.Create());
        var path = files.OutputPath("debian", Build) + ".raw";
        await using (var file = File.Create(path))
        {
            file.SetLength((long)gigabytes << 30);
        }

        var before = Environment.WorkingSet;
        await Checksums.WriteAsync(path, Ct);
        await files.VerifyAsync(path, Ct);

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, MostGrowth);
        Assert.Equal(["raw"], files.Find("debian", Build).Keys);
    }
}
