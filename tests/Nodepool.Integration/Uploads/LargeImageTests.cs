using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.ImageTools;
using Nodepool.Providers.OpenStack;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Testing.OpenStack;

namespace Nodepool.Integration.Uploads;

/// <summary>Images are larger than memory. <c>NODEPOOL_TEST_IMAGE_GB</c> says how large the one here is.</summary>
public sealed class LargeImageTests : IDisposable
{
    private const string Build = "0123456789abcdef0123456789abcdef";
    private const long MostGrowth = 100L << 20;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("nodepool-large-");
    private readonly long _length = (long.TryParse(Environment.GetEnvironmentVariable("NODEPOOL_TEST_IMAGE_GB"), CultureInfo.InvariantCulture, out var given) ? given : 1) << 30;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Checksums_OfALargeSparseImage_HoldMemoryFlat()
    {
        var files = new DiskBuildFiles(_directory.FullName, SystemSources.Create());
        var path = await WriteAsync(files);

        var before = BeginPeak();
        await Checksums.WriteAsync(path, Ct);
        await files.VerifyAsync(path, Ct);

        Assert.InRange(Peak() - before, long.MinValue, MostGrowth);
        Assert.Equal(["raw"], files.Find("debian", Build).Keys);
    }

    [Fact]
    public async Task Upload_OfALargeSparseImage_HoldsMemoryFlat()
    {
        var path = await WriteAsync(new DiskBuildFiles(_directory.FullName, SystemSources.Create()));
        using var meter = new Meter("test");
        using var sink = new DataSink(new FakeOpenStack(TimeProvider.System));
        var driver = new OpenStackDriver(new OpenStackClouds(FakeOpenStackHandler.Environment, meter, "1") { Connections = _ => sink });
        var section = new ProviderConfig { Name = "cloud", Driver = "openstack", ImageFormats = ["raw"], Options = new OpenStackOptions { Cloud = "envvars" }, DiskImages = [new() { Name = "debian" }] };
        await using var provider = driver.Open(section.OpenPart(), new DriverContext(SystemSources.Create(), NullLoggerFactory.Instance, _directory.FullName));
        var order = new ImageUploadOrder("debian", "debian-1", new Dictionary<string, string> { ["raw"] = path }, new ValueMap<string>([new(NodeMetadata.ProviderName, "cloud")]));

        var before = BeginPeak();
        await Assert.IsAssignableFrom<IImageProvider>(provider).UploadImageAsync(order, new Progress<double>(), Ct);

        Assert.InRange(Peak() - before, long.MinValue, MostGrowth);
        Assert.Equal(_length, sink.Taken);
    }

    private async Task<string> WriteAsync(DiskBuildFiles files)
    {
        var path = files.OutputPath("debian", Build) + ".raw";
        await using var file = File.Create(path);
        file.SetLength(_length);
        return path;
    }

    /// <summary>What this process has in memory now; its peak begins anew (proc_pid_clear_refs(5)).</summary>
    private static long BeginPeak()
    {
        File.WriteAllText("/proc/self/clear_refs", "5");
        return Peak();
    }

    /// <summary>The most that it had there since, in bytes.</summary>
    private static long Peak() =>
        long.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
}
