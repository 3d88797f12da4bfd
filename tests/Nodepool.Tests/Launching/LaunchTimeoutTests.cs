using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Tests.Launching;

/// <summary>A launch ends at its deadline, whatever the driver says about when to look again.</summary>
public sealed class LaunchTimeoutTests
{
    [Fact]
    public void InstanceThatWouldRunInDays_IsGivenUpAtTheDeadline()
    {
        var bed = new ReloadBed(new NodepoolConfig
        {
            Labels = [new LabelConfig { Name = "red" }],
            Providers =
            [
                new ProviderConfig
                {
                    Name = "cloud",
                    Driver = "fake",
                    LaunchRetries = 1,
                    LaunchTimeout = TimeSpan.FromMinutes(2),
                    Options = new FakeOptions(),
                    Pools = [new PoolConfig { Name = "main", Labels = [new PoolLabelConfig { Name = "red", HostKeyChecking = false, Options = new FakeLabelOptions(FakeFlavor.All[0]) }] }],
                },
            ],
        });
        bed.Cloud.Behaviour.Next(FakeOperation.Create, new FakeFate { Boot = TimeSpan.FromDays(4) });
        bed.StartLauncher();
        bed.Until(() => bed.Pool("main") is not null, "the pool runs");
        bed.Request("200-0000000001", "red");
        bed.Until(() => bed.Node("red") is not null, "the launch begins");

        bed.Until(() => bed.Node("red") is null or { Record.State: NodeState.Failed or NodeState.Deleting }, "the launch ends within ten minutes");
    }
}
