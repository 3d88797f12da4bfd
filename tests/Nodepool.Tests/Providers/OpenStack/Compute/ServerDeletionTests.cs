using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack;
using Nodepool.Testing.OpenStack;

namespace Nodepool.Tests.Providers.OpenStack.Compute;

public sealed class ServerDeletionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deletion_IsOverWhenTheServerIsGone()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.DeleteTime = TimeSpan.FromSeconds(40);
        var order = bed.NewOrder();
        var end = await bed.LaunchAsync(order);
        var begun = bed.Time.GetUtcNow();

        await bed.DeleteAsync(order, end.ExternalId);

        Assert.Empty(bed.Cloud.Nova.Servers);
        Assert.InRange(bed.Time.GetUtcNow() - begun, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(42));
        Assert.Equal(1, bed.Calls("Compute DELETE servers/*"));
    }

    [Fact]
    public async Task Server_ThatStaysAfterItsEndWasAccepted_IsAskedAgain()
    {
        await using var bed = new OpenStackBed();
        var order = bed.NewOrder();
        var end = await bed.LaunchAsync(order);
        bed.Cloud.Nova.DeleteTime = TimeSpan.FromHours(10);
        var deletion = bed.RunDeleteAsync(new DeleteOrder(order.NodeId, order.Token, end.ExternalId));
        bed.Time.Advance(TimeSpan.FromSeconds(5));

        // Nova is started anew and has forgotten it.
        bed.Cloud.Nova.Servers[0].GoneAt = null;
        bed.Cloud.Nova.DeleteTime = TimeSpan.FromSeconds(1);
        await bed.FinishAsync(deletion);

        Assert.Equal(2, bed.Calls("Compute DELETE servers/*"));
    }

    [Fact]
    public async Task Node_OfAnotherProgram_IsDeletedByItsIdWithoutAListing()
    {
        await using var bed = new OpenStackBed();

        Assert.True((await bed.FinishAsync(bed.Provider.AdvanceDeleteAsync(new DeleteOrder("1", null, "gone"), Ct).AsTask())).IsGone);
        Assert.Equal(["Compute DELETE servers/*"], bed.Cloud.Calls.Where(call => call.StartsWith("Compute", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Deletion_RightAfterACreate_DoesNotTrustAListThatLags()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.ListLag = TimeSpan.FromSeconds(20);
        bed.Cloud.Nova.DeleteTime = TimeSpan.FromSeconds(10);
        var order = bed.NewOrder();
        var progress = await bed.FinishAsync(bed.Provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct).AsTask());
        progress = await bed.FinishAsync(bed.Provider.AdvanceLaunchAsync(order, progress, Ct).AsTask());

        await bed.DeleteAsync(order, progress.ExternalId);

        Assert.Empty(bed.Cloud.Nova.Servers);
    }

    [Fact]
    public async Task Volumes_ThatNovaLeaves_GoToo()
    {
        await using var bed = new OpenStackBed(OpenStackSections.Make(new OpenStackLabelOptions { Flavor = new(null, "small"), BootFromVolume = true }));
        bed.Cloud.Nova.LeavesThings = true;
        var others = bed.Cloud.Cinder.Add(5, null);
        var order = bed.NewOrder();
        var end = await bed.LaunchAsync(order);

        await bed.DeleteAsync(order, end.ExternalId);

        Assert.Equal([others], bed.Cloud.Cinder.Volumes.Select(volume => volume.Id));
    }

    [Fact]
    public async Task Cinder_IsNotAskedWhereNothingBootsFromVolumes()
    {
        await using var bed = new OpenStackBed();
        var order = bed.NewOrder();
        await bed.LimitsAsync();
        await bed.ListAsync();
        await bed.DeleteAsync(order, (await bed.LaunchAsync(order)).ExternalId);

        Assert.DoesNotContain(bed.Cloud.Calls, call => call.StartsWith("BlockStorage", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Listing_WhosePagesAreDisturbed_BeginsAnew()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.PageSize = 3;
        for (var i = 0; i < 10; i++)
        {
            bed.Cloud.Nova.Add($"s{i}", "f1");
        }

        var pages = 0;
        bed.Cloud.Troubles = call =>
        {
            if (call.Kind == "Compute GET servers/detail" && ++pages == 2)
            {
                // The last server of the first page goes before the second is asked for.
                bed.Cloud.Nova.Servers[2].GoneAt = bed.Time.GetUtcNow();
            }

            return FakeTrouble.None;
        };

        Assert.Equal(9, (await bed.ListAsync()).Count);
    }

    [Fact]
    public async Task Console_IsTheLastLines()
    {
        await using var bed = new OpenStackBed();
        var end = await bed.LaunchAsync(bed.NewOrder());

        Assert.Equal($"console of {end.ExternalId}, 200 lines", await bed.Provider.GetConsoleLogAsync(end.ExternalId!, Ct));
        Assert.Null(await bed.Provider.GetConsoleLogAsync("gone", Ct));
    }
}
