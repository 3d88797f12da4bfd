using Nodepool.Providers.OpenStack;
using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.OpenStack;

/// <summary>The same on a cloud that makes everything one after the other and gives servers floating IPs and volumes.</summary>
public sealed class SlowOpenStackContractTests : ProviderContract
{
    protected override ValueTask<IProviderWorld> CreateWorldAsync()
    {
        var world = new OpenStackWorld(OpenStackSections.Make(new OpenStackLabelOptions { Flavor = new(1000, null), BootFromVolume = true }));
        world.Cloud.Latency = TimeSpan.FromMilliseconds(300);
        world.Cloud.Nova.BuildTime = TimeSpan.FromSeconds(20);
        world.Cloud.Nova.IsOld = true;
        world.Cloud.Neutron.AddExternal();
        return new(world);
    }
}
