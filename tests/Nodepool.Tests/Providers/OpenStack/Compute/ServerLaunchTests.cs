using System.Text;
using Nodepool.Core;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Listing;
using Nodepool.Testing.OpenStack;

namespace Nodepool.Tests.Providers.OpenStack.Compute;

public sealed class ServerLaunchTests(ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Launch_OrdersWhatTheConfigurationSays()
    {
        var config = OpenStackSections.Make(
            new OpenStackLabelOptions
            {
                Flavor = new(2000, "lar"),
                KeyName = "keys",
                UserData = new("#cloud-config ä\n"),
                Networks = ["private", "second"],
            },
            new OpenStackPoolOptions { SecurityGroups = ["ssh", "default"], AvailabilityZones = ["west"] });
        await using var bed = new OpenStackBed(config);
        bed.Cloud.Neutron.Networks.Add(new FakeNetwork("net-2", "second", "10.2"));
        var order = bed.NewOrder() with { ImageOptions = new OpenStackCloudImageOptions(null, "debian", ConfigDrive: true) };

        var end = await bed.LaunchAsync(order);

        var server = Assert.Single(bed.Cloud.Nova.Servers);
        Assert.Equal(order.Hostname, server.Name);
        Assert.Equal(order.Metadata, server.Metadata.ToDictionary());
        var said = server.Order;
        Assert.Equal("f2", said["flavorRef"]!.GetValue<string>());
        Assert.Equal(bed.Cloud.Glance.Images[0].Id, said["imageRef"]!.GetValue<string>());
        Assert.Equal("""[{"uuid":"net-private"},{"uuid":"net-2"}]""", said["networks"]!.ToJsonString());
        Assert.Equal("""[{"name":"ssh"},{"name":"default"}]""", said["security_groups"]!.ToJsonString());
        Assert.Equal("keys", said["key_name"]!.GetValue<string>());
        Assert.True(said["config_drive"]!.GetValue<bool>());
        Assert.Equal("#cloud-config ä\n", Encoding.UTF8.GetString(Convert.FromBase64String(said["user_data"]!.GetValue<string>())));
        Assert.Equal("west", said["availability_zone"]!.GetValue<string>());
        Assert.Null(said["block_device_mapping_v2"]);
        Assert.Equal(
            new Instance
            {
                ExternalId = server.Id,
                InterfaceIp = server.Address,
                PrivateIPv4 = server.Address,
                Cloud = "fake",
                Region = "here",
                Az = "west",
                HostId = "host-of-" + server.Id,
            },
            end.Instance);
    }

    [Fact]
    public async Task Launch_WithNothingButAFlavor_LeavesTheRestToTheCloud()
    {
        await using var bed = new OpenStackBed();

        await bed.LaunchAsync(bed.NewOrder());

        Assert.Equal(["flavorRef", "imageRef", "metadata", "name"], bed.Cloud.Nova.Servers[0].Order.Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.Equal(0, bed.Calls("Network GET ports"));
    }

    [Fact]
    public async Task Launch_OfAnUpload_BootsFromItsId()
    {
        await using var bed = new OpenStackBed();
        var upload = bed.Cloud.Glance.Add("debian-1700000000");
        var order = bed.NewOrder();
        order = order with { Label = order.Label with { CloudImage = null, DiskImage = "debian" }, ImageExternalId = upload.Id, ImageOptions = new OpenStackDiskImageOptions(false) };

        await bed.LaunchAsync(order);

        Assert.Equal(upload.Id, bed.Cloud.Nova.Servers[0].Order["imageRef"]!.GetValue<string>());
        Assert.False(bed.Cloud.Nova.Servers[0].Order["config_drive"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Launches_OfAHundred_ShareTheirListings()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.BuildTime = TimeSpan.FromSeconds(20);
        var orders = Enumerable.Range(0, 100).Select(number => bed.NewOrder($"{number}")).ToList();

        var ends = await bed.FinishAsync(Task.WhenAll(orders.Select(order => bed.RunLaunchAsync(order))));

        Assert.Equal(100, ends.Select(end => end.ExternalId).Distinct().Count());
        Assert.Equal(100, bed.Calls("Compute POST servers"));
        Assert.InRange(bed.Calls("Compute GET servers/detail"), 10, 24);
        var launching = bed.Cloud.Calls.Count;
        await bed.FinishAsync(Task.WhenAll(orders.Zip(ends, (order, end) => bed.RunDeleteAsync(new(order.NodeId, order.Token, end.ExternalId)))));
        Assert.Empty(bed.Cloud.Nova.Servers);
        Assert.Equal(100, bed.Calls("Compute DELETE servers/*"));
        output.WriteLine($"100 nodes at once, 20 s to ACTIVE: {launching / 100.0:0.00} API calls per launch, {bed.Cloud.Calls.Count / 100.0:0.00} per node life");
        foreach (var kind in bed.Cloud.Calls.GroupBy(call => call).OrderByDescending(group => group.Count()))
        {
            output.WriteLine($"  {kind.Count(),4} {kind.Key}");
        }

        Assert.InRange(bed.Cloud.Calls.Count, 200, 250);
    }

    [Fact]
    public async Task Launch_IsOverOneStepAfterActive()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.BuildTime = TimeSpan.FromSeconds(17.3);

        await bed.LaunchAsync(bed.NewOrder());

        var late = bed.Time.GetUtcNow() - bed.Cloud.Nova.Servers[0].ActiveAt;
        Assert.InRange(late, TimeSpan.Zero, PollingStep.Least + TimeSpan.FromMilliseconds(100));
        output.WriteLine($"ACTIVE to done: {late.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Launch_WaitsAsLongAsNovaBuilds()
    {
        await using var bed = new OpenStackBed();
        var progress = await bed.FinishAsync(bed.Provider.AdvanceLaunchAsync(bed.NewOrder(), LaunchProgress.Begin, Ct).AsTask());

        Assert.Equal(("create", null, null), (progress.Stage, progress.ExternalId, progress.Instance));
        Assert.Empty(bed.Cloud.Calls);
    }

    [Theory]
    [InlineData("No valid host was found. There are not enough hosts available.", ProviderFault.CapacityUnavailable)]
    [InlineData("Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures", ProviderFault.CapacityUnavailable)]
    [InlineData("Build of instance x aborted: VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded", ProviderFault.QuotaExceeded)]
    [InlineData("Build of instance x aborted: The number of defined ports: exceeded maximum number of ports", ProviderFault.QuotaExceeded)]
    [InlineData("Quota exceeded for resources: ['port'].", ProviderFault.QuotaExceeded)]
    [InlineData("Build of instance x aborted: Image is corrupt", ProviderFault.Rejected)]
    public async Task Server_InError_FailsAtOnceWithNovasWords(string text, ProviderFault fault)
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.BootFault = _ => text;
        var order = bed.NewOrder();

        var e = await Assert.ThrowsAsync<ProviderException>(() => bed.LaunchAsync(order));

        Assert.Equal(fault, e.Fault);
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
        await bed.DeleteAsync(order, null);
        Assert.Empty(bed.Cloud.Nova.Servers);
    }

    [Theory]
    [InlineData("SHUTOFF", ProviderFault.Rejected, "ended in SHUTOFF")]
    [InlineData("SHELVED_OFFLOADED", ProviderFault.Rejected, "ended in SHELVED_OFFLOADED")]
    [InlineData("SOFT_DELETED", ProviderFault.NotFound, "was deleted while it was launched")]
    public async Task Server_ThatWillNotBecomeActive_FailsAtOnce(string status, ProviderFault fault, string text)
    {
        await using var bed = new OpenStackBed();
        var launch = bed.RunLaunchAsync(bed.NewOrder());
        while (bed.Cloud.Nova.Servers.Count == 0)
        {
            bed.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        bed.Cloud.Nova.Servers[0].Status = status;

        var e = await Assert.ThrowsAsync<ProviderException>(() => bed.FinishAsync(launch));
        Assert.Equal(fault, e.Fault);
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_BeyondTheQuota_IsNoFailedAttempt()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.Limits = Quota.Of((Quota.Instances, 1));
        await bed.LaunchAsync(bed.NewOrder("1"));

        var e = await Assert.ThrowsAsync<ProviderException>(() => bed.LaunchAsync(bed.NewOrder("2")));

        Assert.Equal(ProviderFault.QuotaExceeded, e.Fault);
    }

    [Fact]
    public async Task Server_DeletedBehindOurBack_IsLaunchedAgain()
    {
        await using var bed = new OpenStackBed();
        var launch = bed.RunLaunchAsync(bed.NewOrder());
        while (bed.Cloud.Nova.Servers.Count == 0)
        {
            bed.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        bed.Cloud.Nova.Servers[0].GoneAt = bed.Time.GetUtcNow();

        Assert.Equal(ProviderFault.NotFound, (await Assert.ThrowsAsync<ProviderException>(() => bed.FinishAsync(launch))).Fault);
    }

    [Fact]
    public async Task Launch_FromAVolume_MarksIt()
    {
        await using var bed = new OpenStackBed(OpenStackSections.Make(new OpenStackLabelOptions { Flavor = new(null, "small"), BootFromVolume = true, VolumeSize = 30 }));
        var order = bed.NewOrder();

        await bed.LaunchAsync(order);

        var said = bed.Cloud.Nova.Servers[0].Order;
        Assert.Equal("", said["imageRef"]!.GetValue<string>());
        Assert.Equal(
            $$"""[{"boot_index":0,"uuid":"{{bed.Cloud.Glance.Images[0].Id}}","source_type":"image","destination_type":"volume","volume_size":30,"delete_on_termination":true}]""",
            said["block_device_mapping_v2"]!.ToJsonString());
        Assert.Equal(order.Token, Assert.Single(bed.Cloud.Cinder.Volumes).Metadata[NodeMetadata.Token]);
    }

    [Fact]
    public async Task Launch_FromAVolumeThatMayNotBeMarked_Works()
    {
        await using var bed = new OpenStackBed(OpenStackSections.Make(new OpenStackLabelOptions { Flavor = new(null, "small"), BootFromVolume = true }));
        bed.Cloud.Cinder.ForbidsMetadata = true;

        Assert.NotNull((await bed.LaunchAsync(bed.NewOrder())).Instance);
        Assert.Contains(bed.Log.All, line => line.Contains("its volume gets no mark", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Launch_WithoutNetworkService_Works()
    {
        await using var bed = new OpenStackBed();
        bed.Api.Missing.Add(CloudService.Network);

        Assert.NotNull((await bed.LaunchAsync(bed.NewOrder())).Instance);
        Assert.DoesNotContain(bed.Cloud.Calls, call => call.StartsWith("Network", StringComparison.Ordinal));
    }
}
