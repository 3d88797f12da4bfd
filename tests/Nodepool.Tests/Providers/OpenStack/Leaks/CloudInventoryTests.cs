using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack;
using Nodepool.Testing.OpenStack;

namespace Nodepool.Tests.Providers.OpenStack.Leaks;

public sealed class CloudInventoryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Servers_AreListedWithWhoseTheyAre()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.Add("old", "f1", ("nodepool", """{"provider_name": "cloud-provider", "node_id": 7}"""));
        bed.Cloud.Nova.Add("theirs", "f1");

        var listed = await bed.ListAsync();

        Assert.Equal(["old", "theirs"], listed.Select(resource => resource.Name));
        Assert.Equal(("cloud-provider", "7"), (listed[0].Metadata[NodeMetadata.ProviderName], listed[0].Metadata[NodeMetadata.NodeId]));
        Assert.Empty(listed[1].Metadata);
        Assert.Equal(bed.Cloud.Nova.Servers[0].Address, listed[0].Address);
    }

    [Theory]
    [InlineData("ACTIVE", true)]
    [InlineData("REBOOT", true)]
    [InlineData("SHUTOFF", false)]
    [InlineData("ERROR", false)]
    public async Task Server_OfAState_RunsOrNot(string status, bool isRunning)
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.Add("s", "f1").Status = status;

        Assert.Equal(isRunning, Assert.Single(await bed.ListAsync()).IsRunning);
    }

    [Fact]
    public async Task Ports_LeftDownForAnInterval_AreLeaks()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.LeavesThings = true;
        var order = bed.NewOrder();
        await bed.DeleteAsync(order, (await bed.LaunchAsync(order)).ExternalId);
        var left = Assert.Single(bed.Cloud.Neutron.Ports);
        Assert.Empty(await bed.ListAsync());
        bed.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Empty(await bed.ListAsync());
        bed.Time.Advance(TimeSpan.FromMinutes(1));

        var leak = Assert.Single(await bed.ListAsync());

        Assert.Equal(("port", left.Id, "cloud-provider"), (leak.Type, leak.ExternalId, leak.Metadata[NodeMetadata.ProviderName]));
        await bed.Provider.DeleteResourceAsync(leak, Ct);
        await bed.Provider.DeleteResourceAsync(leak, Ct);
        Assert.Empty(bed.Cloud.Neutron.Ports);
    }

    [Fact]
    public async Task Ports_ThatMayBeSomebodysElse_AreNoLeaks()
    {
        await using var bed = new OpenStackBed();
        var network = bed.Cloud.Neutron.Networks[0];
        var server = bed.Cloud.Nova.Add("s", "f1");
        bed.Cloud.Neutron.Ports.AddRange(
        [
            new FakePort("of-a-server", network, server.Id, "10.1.9.1") { Status = "DOWN" },
            new FakePort("no-servers", network, "router", "10.1.9.2") { Status = "DOWN", Owner = "network:router_interface" },
            new FakePort("unbound", network, "", "10.1.9.3") { Status = "DOWN", Owner = "" },
            new FakePort("other-project", network, "elsewhere", "10.1.9.4") { Status = "DOWN", Project = "another" },
            new FakePort("active", network, "gone", "10.1.9.5"),
        ]);
        await bed.ListAsync();
        bed.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([server.Id], (await bed.ListAsync()).Select(resource => resource.ExternalId));
    }

    [Fact]
    public async Task Ports_ThatWereUpInBetween_BeginAnew()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Neutron.Ports.Add(new FakePort("p", bed.Cloud.Neutron.Networks[0], "gone", "10.1.9.1") { Status = "DOWN" });
        await bed.ListAsync();
        bed.Cloud.Neutron.Ports[0].Status = "ACTIVE";
        bed.Time.Advance(TimeSpan.FromMinutes(5));
        await bed.ListAsync();
        bed.Cloud.Neutron.Ports[0].Status = "DOWN";
        bed.Time.Advance(TimeSpan.FromMinutes(6));
        await bed.ListAsync();
        bed.Time.Advance(TimeSpan.FromMinutes(9));

        Assert.Empty(await bed.ListAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FloatingIps_WithoutAMark_AreLeaksOnlyWhenTheProjectIsOurs(bool isClean)
    {
        await using var bed = new OpenStackBed(OpenStackSections.Make(options: new OpenStackOptions { Cloud = "c", CleanFloatingIps = isClean }));
        bed.Cloud.Neutron.AddExternal();
        var free = bed.Cloud.Neutron.AddFloatingIp();
        var marked = bed.Cloud.Neutron.AddFloatingIp("nodepool np-9 9 cloud-provider");
        bed.Cloud.Neutron.AddFloatingIp("nodepool np-9 9 cloud-provider", project: "another");
        bed.Cloud.Neutron.AddFloatingIp("nodepool np-9 9 cloud-provider").Port = "p";

        var listed = await bed.ListAsync();

        string[] expected = isClean ? [free.Id, marked.Id] : [marked.Id];
        Assert.Equal(expected, listed.Select(resource => resource.ExternalId));
        Assert.Equal(("9", "np-9"), (listed[^1].Metadata[NodeMetadata.NodeId], listed[^1].Metadata[NodeMetadata.Token]));
        await bed.Provider.DeleteResourceAsync(listed[^1], Ct);
        Assert.DoesNotContain(marked, bed.Cloud.Neutron.FloatingIps);
    }

    [Fact]
    public async Task Volumes_AreListedWithTheMetadataOfTheirNode()
    {
        await using var bed = new OpenStackBed(OpenStackSections.Make(new OpenStackLabelOptions { Flavor = new(null, "small"), BootFromVolume = true }));
        bed.Cloud.Nova.LeavesThings = true;
        bed.Cloud.Cinder.Add(5, null);
        await bed.LaunchAsync(bed.NewOrder());
        Assert.Single(await bed.ListAsync(), resource => resource.Type == "volume");
        bed.Cloud.Nova.Servers[0].GoneAt = bed.Time.GetUtcNow();

        var leaks = (await bed.ListAsync()).Where(resource => resource.Metadata.ContainsKey(NodeMetadata.NodeId)).ToList();

        var leak = Assert.Single(leaks);
        Assert.Equal(("volume", "1"), (leak.Type, leak.Metadata[NodeMetadata.NodeId]));
        await bed.Provider.DeleteResourceAsync(leak, Ct);
        Assert.Single(bed.Cloud.Cinder.Volumes);
    }
}
