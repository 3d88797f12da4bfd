using Nodepool.Core.Config;

namespace Nodepool.Tests.Imaging;

/// <summary>An image <c>i</c> at provider <c>p</c>, and paused at <c>q</c>.</summary>
internal static class ImagingConfig
{
    public static NodepoolConfig Of(Func<DiskImageConfig, DiskImageConfig>? image = null, bool isPausedAtQ = true) => new()
    {
        DiskImages = [(image ?? (same => same))(new DiskImageConfig { Name = "i", RebuildAge = TimeSpan.FromSeconds(1000) })],
        Providers = [Provider("p", "qcow2", false), Provider("q", "raw", isPausedAtQ)],
    };

    private static ProviderConfig Provider(string name, string format, bool isPaused) =>
        new() { Name = name, Driver = "fake", ImageFormats = [format], DiskImages = [new ProviderDiskImageConfig { Name = "i", Pause = isPaused }] };
}
