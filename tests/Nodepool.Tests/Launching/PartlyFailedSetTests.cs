using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Tests.Launching;

/// <summary>A request for several nodes, one of which cannot be launched: the others are not parked with it.</summary>
public sealed class PartlyFailedSetTests
{
    private const string Set = "200-0000000001";
    private const string Waiting = "200-0000000002";

    private readonly ReloadBed _bed = new(OnePool.Config(mostServers: 2, retries: 1));

    [Theory]
    [InlineData(ProviderFault.Rejected)]
    [InlineData(ProviderFault.CapacityUnavailable)]
    public void NodesThatAreReady_AreSomebodyElsesAtOnce(ProviderFault fault)
    {
        _bed.Cloud.Behaviour.Zones = ["only"];
        _bed.StartLauncher();
        _bed.Until(() => _bed.Pool("main") is not null, "the pool runs");
        _bed.Cloud.Behaviour.Decide = (operation, _) => operation == FakeOperation.Create && _bed.Cloud.Truth.Servers.Count == 1 ? FakeFate.Fails(fault) : null;
        _bed.Request(Set, "red", "red");
        _bed.Request(Waiting, "red");

        _bed.Until(() => _bed.Stored(Waiting)?.State == RequestState.Fulfilled, "the other request is served");

        Assert.Equal(RequestState.Failed, _bed.Stored(Set)?.State);
        Assert.Equal(_bed.Cloud.Truth.Servers[0].Name, "np" + _bed.Stored(Waiting)!.Nodes[0]);
        Assert.Equal(2, _bed.Cloud.Count(FakeOperation.Create));
    }
}
