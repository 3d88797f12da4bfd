using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;

namespace Nodepool.Tests.Config;

/// <summary>Reads provider sections the way drivers do; opens nothing.</summary>
internal sealed class SampleDriver(string name, params string[] formats) : IProviderDriver
{
    public string Name => name;

    public ProviderConfig ReadConfig(ConfigMap section)
    {
        var defaults = CloudSection.Defaults(section);
        return ProviderSection.Read(section, pool => ProviderSection.ReadPool(pool, defaults, ReadLabel)) with
        {
            CloudImages = CloudSection.CloudImages(section),
            DiskImages = CloudSection.DiskImages(section),
            ImageFormats = [.. formats],
        };
    }

    public IProvider Open(ProviderConfig config, DriverContext context) => throw new NotSupportedException();

    private static PoolLabelConfig ReadLabel(ConfigMap label)
    {
        var options = new SampleOptions(
            label.Choice("kind", "vm", ("vm", "vm"), ("container", "container")), label.Int("memory", 256, min: 64), label.Int("vcpus", 1, 1, 64));
        return ProviderSection.ReadLabel(label, hostKeyCheckingDefault: true) with { Options = options };
    }

    public sealed record SampleOptions(string Kind, int Memory, int Cores) : DriverOptions;
}
