using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack;
using Nodepool.Testing.OpenStack;

namespace Nodepool.Tests.Providers.OpenStack.Networks;

public sealed class FloatingIpTests
{
    [Fact]
    public async Task Node_OnAPrivateNetwork_GetsOneWithOurMark()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Neutron.AddExternal();
        var order = bed.NewOrder();

        var end = await bed.LaunchAsync(order);

        var address = Assert.Single(bed.Cloud.Neutron.FloatingIps);
        Assert.Equal((address.Address, address.Address, bed.Cloud.Nova.Servers[0].Address), (end.Instance!.InterfaceIp, end.Instance.PublicIPv4, end.Instance.PrivateIPv4));
        Assert.Equal($"nodepool {order.Token} {order.NodeId} cloud-provider", address.Description);
    }

    [Fact]
    public async Task Deletion_TakesItAwayBeforeTheServer()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Neutron.AddExternal();
        var order = bed.NewOrder();
        var end = await bed.LaunchAsync(order);

        // Also in a process that did not make it.
        await bed.DeleteAsync(order, end.ExternalId, bed.Open());

        Assert.Empty(bed.Cloud.Neutron.FloatingIps);
        Assert.Equal(["Network DELETE floatingips/*", "Compute DELETE servers/*"], bed.Cloud.Calls.Where(call => call.Contains("DELETE", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Deletion_OfANodeWithoutOne_DoesNotAskForAny()
    {
        await using var bed = new OpenStackBed(OpenStackSections.Make(pool: new OpenStackPoolOptions { AutoFloatingIp = false }));
        bed.Cloud.Neutron.AddExternal();
        var order = bed.NewOrder();
        var end = await bed.LaunchAsync(order);

        await bed.DeleteAsync(order, end.ExternalId);

        Assert.Null(end.Instance!.PublicIPv4);
        Assert.Equal(0, bed.Calls("Network GET floatingips"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public async Task Create_WhoseAnswerIsLost_MakesOne(int listLag)
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Neutron.AddExternal();
        bed.Cloud.ListLag = TimeSpan.FromSeconds(listLag);
        var creates = 0;
        bed.Cloud.Troubles = call => call.Kind == "Network POST floatingips" && ++creates == 1 ? FakeTrouble.LostAnswer : FakeTrouble.None;

        var end = await bed.LaunchAsync(bed.NewOrder());

        Assert.Equal(end.Instance!.PublicIPv4, Assert.Single(bed.Cloud.Neutron.FloatingIps).Address);
    }

    [Fact]
    public async Task Free_AddressesOfTheProject_AreTakenFirstAndStayWhenTheNodeGoes()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Neutron.AddExternal();
        var free = bed.Cloud.Neutron.AddFloatingIp();
        var described = bed.Cloud.Neutron.AddFloatingIp("for the web server");
        var foreign = bed.Cloud.Neutron.AddFloatingIp(project: "another");
        var orders = new[] { bed.NewOrder("1"), bed.NewOrder("2") };

        var ends = await bed.FinishAsync(Task.WhenAll(orders.Select(order => bed.RunLaunchAsync(order))));

        Assert.Contains(free.Address, ends.Select(end => end.Instance!.PublicIPv4));
        Assert.Equal(2, ends.Select(end => end.Instance!.PublicIPv4).Distinct().Count());
        Assert.Equal((null, null), (described.Port, foreign.Port));
        await bed.FinishAsync(Task.WhenAll(orders.Zip(ends, (order, end) => bed.RunDeleteAsync(new(order.NodeId, order.Token, end.ExternalId)))));
        Assert.Equal([free, described, foreign], bed.Cloud.Neutron.FloatingIps);
    }

    [Fact]
    public async Task Quota_OfFloatingIps_IsNoFailedAttempt()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Neutron.AddExternal();
        bed.Cloud.Neutron.MostFloatingIps = 0;

        var e = await Assert.ThrowsAsync<ProviderException>(() => bed.LaunchAsync(bed.NewOrder()));

        Assert.Equal(ProviderFault.QuotaExceeded, e.Fault);
    }

    [Fact]
    public async Task Server_OnAnExternalNetwork_NeedsNone()
    {
        await using var bed = new OpenStackBed(OpenStackSections.Make(new OpenStackLabelOptions { Flavor = new(null, "small"), Networks = ["public"] }));
        bed.Cloud.Neutron.AddExternal();

        var end = await bed.LaunchAsync(bed.NewOrder());

        Assert.Empty(bed.Cloud.Neutron.FloatingIps);
        Assert.Equal((bed.Cloud.Nova.Servers[0].Address, bed.Cloud.Nova.Servers[0].Address), (end.Instance!.PublicIPv4, end.Instance.InterfaceIp));
    }
}
