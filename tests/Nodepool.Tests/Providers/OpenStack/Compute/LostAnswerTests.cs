using Nodepool.Core.Providers;
using Nodepool.Testing.OpenStack;

namespace Nodepool.Tests.Providers.OpenStack.Compute;

/// <summary>Whatever becomes of the answer to a create, there is one server in the end, and none when the node is deleted.</summary>
public sealed class LostAnswerTests
{
    private const string Create = "Compute POST servers";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FakeTrouble.LostAnswer, 0)]
    [InlineData(FakeTrouble.LostAnswer, 8)]
    [InlineData(FakeTrouble.Truncated, 0)]
    [InlineData(FakeTrouble.Truncated, 8)]
    [InlineData(FakeTrouble.Reset, 0)]
    [InlineData(FakeTrouble.Failed, 0)]
    [InlineData(FakeTrouble.TooMany, 0)]
    public async Task Create_ThatFailsOnce_MakesOneServer(FakeTrouble trouble, int listLag)
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.ListLag = TimeSpan.FromSeconds(listLag);
        bed.Cloud.Nova.BuildTime = TimeSpan.FromMinutes(1);
        var order = bed.NewOrder();
        var creates = 0;
        bed.Cloud.Troubles = call => call.Kind == Create && ++creates == 1 ? trouble : FakeTrouble.None;

        var end = await bed.LaunchAsync(order);

        Assert.Equal(end.ExternalId, Assert.Single(bed.Cloud.Nova.Servers).Id);
        Assert.Equal(trouble is FakeTrouble.LostAnswer or FakeTrouble.Truncated ? 1 : 2, creates);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public async Task Create_OfAProcessThatDied_IsFoundByTheNext(int listLag)
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.ListLag = TimeSpan.FromSeconds(listLag);
        var order = bed.NewOrder();
        var progress = await bed.FinishAsync(bed.Provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct).AsTask());
        await bed.FinishAsync(bed.Provider.AdvanceLaunchAsync(order, progress, Ct).AsTask());

        // The next one knows only what was stored before the create.
        var end = await bed.FinishAsync(bed.RunLaunchAsync(order, bed.Open(), progress));

        Assert.Equal(end.ExternalId, Assert.Single(bed.Cloud.Nova.Servers).Id);
    }

    [Fact]
    public async Task Create_ThatAProcessDiedBefore_IsMadeByTheNext()
    {
        await using var bed = new OpenStackBed();
        var order = bed.NewOrder();
        var progress = await bed.FinishAsync(bed.Provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct).AsTask());

        await bed.FinishAsync(bed.RunLaunchAsync(order, bed.Open(), progress));

        Assert.Single(bed.Cloud.Nova.Servers);
    }

    [Fact]
    public async Task Delete_AfterALostAnswer_WaitsForTheServerToAppear()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.ListLag = TimeSpan.FromSeconds(5);
        var order = bed.NewOrder();
        bed.Cloud.Troubles = call => call.Kind == Create ? FakeTrouble.LostAnswer : FakeTrouble.None;
        var progress = await bed.FinishAsync(bed.Provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct).AsTask());
        await Assert.ThrowsAsync<ProviderException>(() => bed.FinishAsync(bed.Provider.AdvanceLaunchAsync(order, progress, Ct).AsTask()));

        await bed.DeleteAsync(order, null);

        Assert.Empty(bed.Cloud.Nova.Servers);
        Assert.Equal(1, bed.Calls("Compute DELETE servers/*"));
    }

    [Fact]
    public async Task Server_ThatAppearsASecondTime_IsDeleted()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.BuildTime = TimeSpan.FromSeconds(30);
        var order = bed.NewOrder();
        var launch = bed.RunLaunchAsync(order);
        while (bed.Cloud.Nova.Servers.Count == 0)
        {
            bed.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        bed.Cloud.Nova.Add(order.Hostname, "f1", [.. order.Metadata.Select(pair => (pair.Key, pair.Value))]);
        var end = await bed.FinishAsync(launch);

        Assert.Equal(end.ExternalId, Assert.Single(bed.Cloud.Nova.Servers).Id);
        Assert.Contains(bed.Log.All, line => line.Contains("a second time", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_ThatBearsTheTokenOfAnotherProvider_IsLeftAlone()
    {
        await using var bed = new OpenStackBed();
        var order = bed.NewOrder();
        var other = bed.Cloud.Nova.Add("np1", "f1", (NodeMetadata.Token, order.Token), (NodeMetadata.ProviderName, "another"));

        var end = await bed.LaunchAsync(order);
        await bed.DeleteAsync(order, end.ExternalId);

        Assert.Equal([other.Id], bed.Cloud.Nova.Servers.Select(server => server.Id));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Cloud_FullOfTroubles_HasOneServerForEachNodeAndNoneInTheEnd(int seed)
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Neutron.AddExternal();
        bed.Cloud.ListLag = TimeSpan.FromSeconds(2);
        var random = new Random(seed);
        bed.Cloud.Troubles = _ => random.Next(4) == 0 ? (FakeTrouble)random.Next(1, 6) : FakeTrouble.None;
        var orders = Enumerable.Range(0, 20).Select(number => bed.NewOrder($"{number}")).ToList();

        var ends = await bed.FinishAsync(Task.WhenAll(orders.Select(order => bed.RunLaunchAsync(order))));

        Assert.Equal(ends.Select(end => end.ExternalId!).Order(StringComparer.Ordinal), bed.Cloud.Nova.Servers.Where(server => server.GoneAt is null).Select(server => server.Id).Order(StringComparer.Ordinal));
        Assert.Equal(20, bed.Cloud.Neutron.FloatingIps.Count);
        await bed.FinishAsync(Task.WhenAll(orders.Zip(ends, (order, end) => bed.RunDeleteAsync(new(order.NodeId, order.Token, end.ExternalId)))));
        Assert.Empty(bed.Cloud.Nova.Servers);
        Assert.Empty(bed.Cloud.Neutron.FloatingIps);
    }
}
