using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Providers.Fake;

namespace Nodepool.Testing.Simulation;

/// <summary>Draws what an operator may change in the file while everything runs.</summary>
internal static class SimConfigChange
{
    private const string ExtraPool = "extra";

    /// <summary>Another configuration, one edit away.</summary>
    public static NodepoolConfig Draw(Random random, NodepoolConfig config)
    {
        var provider = config.Providers[random.Next(config.Providers.Count)];
        if (Missing(config) is not null ? random.Next(3) == 0 : random.Next(12) == 0)
        {
            return Missing(config) is null ? config with { Providers = config.Providers.Where(other => other != provider).ToValueList() } : Complete(random, config);
        }

        if (provider.Driver == "static")
        {
            return With(config, provider with { Pools = [SimConfig.Hosts(random)] });
        }

        if (provider.Driver == "metastatic")
        {
            return With(config, provider with { Pools = [SimConfig.Slots(random)] });
        }

        var pool = provider.Pools[random.Next(provider.Pools.Count)];
        return random.Next(9) switch
        {
            0 => With(config, provider, pool with { Labels = pool.Labels.Where((_, index) => index != random.Next(pool.Labels.Count)).ToValueList() }),
            1 or 2 => With(config, provider, SimConfig.Pool(random, pool.Name, SimConfig.Labels.Where(_ => random.Next(3) > 0).ToValueList())),
            3 => With(config, provider, pool with { Limits = Quota.Of((Quota.Instances, random.Next(1, 9))) }),
            4 => With(config, provider with { Pools = Toggle(random, provider.Pools) }),
            5 => With(config, provider with
            {
                MaxConcurrency = random.Next(-1, 4),
                LaunchRetries = random.Next(1, 4),
                LaunchTimeout = TimeSpan.FromSeconds(random.Next(40, 200)),
                BootTimeout = TimeSpan.FromSeconds(random.Next(10, 40)),
            }),
            // Something that the open provider hangs on: it is opened anew.
            6 => With(config, provider with { Options = new FakeOptions { Region = $"region-{random.Next(1000)}" } }),
            7 => config with { DiskImages = config.DiskImages.Select(image => image with { RebuildAge = TimeSpan.FromSeconds(random.Next(120, 1200)) }).ToValueList() },
            _ => config with { Labels = config.Labels.Select(label => label.Name is SimConfig.Unserved or SimConfig.Slot ? label : label with { MinReady = random.Next(3) }).ToValueList() },
        };
    }

    /// <summary>The provider that is missing is back, perhaps another than it was.</summary>
    public static NodepoolConfig Complete(Random random, NodepoolConfig config) => Missing(config) is not { } name ? config
        : config with { Providers = [.. config.Providers, SimConfig.Draw(random).FindProvider(name)!] };

    private static string? Missing(NodepoolConfig config) => SimConfig.Providers.FirstOrDefault(name => config.FindProvider(name) is null);

    /// <summary>Builds that are ready lack a format from now on, or have one too many; they live for longer than a conversion takes.</summary>
    public static NodepoolConfig OtherFormats(Random random, NodepoolConfig config) => config with
    {
        DiskImages = config.DiskImages.Select(image => image with { Formats = image.Formats.Count > 1 ? ["qcow2"] : ["qcow2", "raw"], RebuildAge = TimeSpan.FromSeconds(random.Next(120, 1200)) }).ToValueList(),
    };

    /// <summary>Builds so seldom that everything comes to rest between them.</summary>
    /// <param name="config">What the file has now.</param>
    /// <param name="rebuildAge">Much longer than a build and its uploads to all clouds take.</param>
    public static NodepoolConfig Calm(NodepoolConfig config, TimeSpan rebuildAge) =>
        config with { DiskImages = config.DiskImages.Select(image => image with { RebuildAge = rebuildAge }).ToValueList() };

    private static ValueList<PoolConfig> Toggle(Random random, ValueList<PoolConfig> pools) => pools.Any(pool => pool.Name == ExtraPool)
        ? pools.Where(pool => pool.Name != ExtraPool).ToValueList()
        : [.. pools, SimConfig.Pool(random, ExtraPool, ["small", "ours"])];

    private static NodepoolConfig With(NodepoolConfig config, ProviderConfig provider, PoolConfig pool) =>
        With(config, provider with { Pools = provider.Pools.Select(other => other.Name == pool.Name ? pool : other).ToValueList() });

    private static NodepoolConfig With(NodepoolConfig config, ProviderConfig provider) =>
        config with { Providers = config.Providers.Select(other => other.Name == provider.Name ? provider : other).ToValueList() };
}
