using Nodepool.Core.Collections;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack;
using Nodepool.Providers.OpenStack.Compute;
using Nodepool.Testing.OpenStack;

namespace Nodepool.Tests.Providers.OpenStack.Compute;

/// <summary>Flavors, images, networks and zones that the configuration names.</summary>
public sealed class LookupTests
{
    private static readonly FlavorEntry[] Flavors =
    [
        new("1", "Standard 8", 8192, 8), new("2", "Performance 8", 8192, 4), new("3", "Standard 4", 4096, 4), new("4", "Old 4", 4096, 2) { IsDisabled = true }, new("Standard 4", "5", 1, 1),
    ];

    [Theory]
    [InlineData(4096, null, "3")]
    [InlineData(4097, null, "2")]
    [InlineData(1, "Standard", "3")]
    [InlineData(5000, "Standard", "1")]
    [InlineData(9000, null, null)]
    [InlineData(null, "Standard 4", "3")]
    [InlineData(null, "2", "2")]
    [InlineData(null, "Stand", null)]
    public void Choose_FindsWhatIsMeant(int? minRam, string? name, string? id) => Assert.Equal(id, Compute(new(minRam, name)));

    [Theory]
    [InlineData("missing", "cloud 'fake' region 'here': compute: there is no flavor with the name or id 'missing' (flavor-name); it has 'small' (1024 MiB), 'large' (4096 MiB)")]
    public async Task Flavor_ThatDoesNotExist_IsRefusedWithThoseThatDo(string name, string message)
    {
        await using var bed = new OpenStackBed(OpenStackSections.Make(new OpenStackLabelOptions { Flavor = new(null, name) }));

        var e = await Assert.ThrowsAsync<ProviderException>(() => bed.LaunchAsync(bed.NewOrder()));

        Assert.Equal((ProviderFault.Rejected, message), (e.Fault, e.Message));
    }

    [Fact]
    public async Task Flavor_MadeAfterTheyWereListed_IsFound()
    {
        await using var bed = new OpenStackBed(OpenStackSections.Make(new OpenStackLabelOptions { Flavor = new(null, "new") }));
        await bed.LimitsAsync();
        bed.Time.Advance(TimeSpan.FromSeconds(20));
        bed.Cloud.Nova.Flavors.Add(("f3", "new", 1, 1));

        await bed.LaunchAsync(bed.NewOrder());

        Assert.Equal("f3", bed.Cloud.Nova.Servers[0].Order["flavorRef"]!.GetValue<string>());
    }

    [Fact]
    public async Task Image_OfAName_IsTheNewest()
    {
        await using var bed = new OpenStackBed();
        var newer = bed.Cloud.Glance.Add("debian");

        await bed.LaunchAsync(bed.NewOrder());

        Assert.Equal(newer.Id, bed.Cloud.Nova.Servers[0].Order["imageRef"]!.GetValue<string>());
    }

    [Fact]
    public async Task Image_ThatWasReplaced_IsLookedUpAgain()
    {
        await using var bed = new OpenStackBed();
        await bed.LaunchAsync(bed.NewOrder("1"));
        bed.Cloud.Glance.Images.Clear();
        var other = bed.Cloud.Glance.Add("debian");

        await Assert.ThrowsAsync<ProviderException>(() => bed.LaunchAsync(bed.NewOrder("2")));
        await bed.LaunchAsync(bed.NewOrder("3"));

        Assert.Equal(other.Id, bed.Cloud.Nova.Servers[1].Order["imageRef"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Image_ById_IsFound(bool isNamedSo)
    {
        await using var bed = new OpenStackBed();
        var id = bed.Cloud.Glance.Add("other").Id;
        var order = bed.NewOrder();
        order = isNamedSo
            ? order with { Label = order.Label with { CloudImage = id } }
            : order with { ImageOptions = new OpenStackCloudImageOptions(id, null, null) };

        await bed.LaunchAsync(order);

        Assert.Equal(id, bed.Cloud.Nova.Servers[0].Order["imageRef"]!.GetValue<string>());
    }

    [Fact]
    public async Task Network_OfAnAmbiguousName_IsRefusedWithTheIds()
    {
        await using var bed = new OpenStackBed(OpenStackSections.Make(new OpenStackLabelOptions { Flavor = new(null, "small"), Networks = ["private"] }));
        bed.Cloud.Neutron.Networks.Add(new FakeNetwork("net-2", "private", "10.2"));

        var e = await Assert.ThrowsAsync<ProviderException>(() => bed.LaunchAsync(bed.NewOrder()));

        Assert.Equal("cloud 'fake' region 'here': network: there are 2 networks with the name 'private' (networks); give the id of one: net-private, net-2", e.Message);
    }

    [Fact]
    public async Task Zones_AreTheSameForARequestAndSpreadOverRequests()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.Zones.AddRange(["east", "west"]);
        for (var i = 0; i < 40; i++)
        {
            await bed.LaunchAsync(bed.NewOrder($"{i}") with { RequestId = $"300-{i / 2}" });
        }

        var zones = bed.Cloud.Nova.Servers.Select(server => server.Order["availability_zone"]!.GetValue<string>()).Chunk(2).ToList();
        Assert.All(zones, pair => Assert.Equal(pair[0], pair[1]));
        Assert.Equal(["east", "nova", "west"], zones.Select(pair => pair[0]).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Zone_OfTheRequestsOtherNodes_IsFollowed()
    {
        var zones = new ValueList<string>[] { ["east", "west"], ["north"] };
        foreach (var configured in zones)
        {
            await using var bed = new OpenStackBed(OpenStackSections.Make(pool: new OpenStackPoolOptions { AvailabilityZones = configured }));
            await bed.LaunchAsync(bed.NewOrder() with { Az = "west" });

            // A zone that the pool may not use any more is not followed.
            Assert.Equal(configured.Contains("west") ? "west" : "north", bed.Cloud.Nova.Servers[0].Order["availability_zone"]!.GetValue<string>());
        }
    }

    private static string? Compute(OpenStackFlavorChoice choice) => Nodepool.Providers.OpenStack.Compute.Flavors.Choose(Flavors, choice)?.Id;
}
