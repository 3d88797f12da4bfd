using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Providers.Fake;

namespace Nodepool.Tests.Launching;

/// <summary>The smallest installation: label <c>red</c>, pool <c>main</c> of provider <c>cloud</c>.</summary>
internal static class OnePool
{
    /// <summary>Its configuration.</summary>
    /// <param name="mostServers">Limit of the pool; null for none.</param>
    /// <param name="retries">Attempts of a launch.</param>
    public static NodepoolConfig Config(int? mostServers = null, int retries = 3) => new()
    {
        Labels = [new LabelConfig { Name = "red" }],
        Providers =
        [
            new ProviderConfig
            {
                Name = "cloud",
                Driver = "fake",
                LaunchRetries = retries,
                Options = new FakeOptions(),
                Pools =
                [
                    new PoolConfig
                    {
                        Name = "main",
                        Limits = mostServers is { } most ? Quota.Of((Quota.Instances, most)) : Quota.Unlimited,
                        Labels = [new PoolLabelConfig { Name = "red", HostKeyChecking = false, Options = new FakeLabelOptions(FakeFlavor.All[0]) }],
                    },
                ],
            },
        ],
    };
}
