using Nodepool.Core;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack;

namespace Nodepool.Tests.Providers.OpenStack.Quotas;

public sealed class ProjectLimitsTests
{
    private static readonly OpenStackLabelOptions FromVolume = new() { Flavor = new(null, "large"), BootFromVolume = true, VolumeSize = 40 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Limits_AreWhatTheProjectHasWithoutWhatOthersUse(bool isOld)
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.IsOld = isOld;
        bed.Cloud.Nova.Limits = Quota.Of((Quota.Instances, 10), (Quota.Cores, 20), (Quota.Ram, 20480));
        await bed.LaunchAsync(bed.NewOrder());
        bed.Cloud.Nova.Add("theirs", "f2");
        bed.Cloud.Nova.Add("other-nodepool", "f1", (NodeMetadata.ProviderName, "another"));

        Assert.Equal(Quota.Of((Quota.Instances, 8), (Quota.Cores, 15), (Quota.Ram, 15360)), await bed.LimitsAsync());
    }

    [Fact]
    public async Task Limits_ThatTheCloudDoesNotHave_AreLeftOut()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.Limits = Quota.Of((Quota.Instances, 5));

        Assert.Equal(Quota.Of((Quota.Instances, 5)), await bed.LimitsAsync());
    }

    [Fact]
    public async Task Limits_OfVolumes_CountThoseOfOthers()
    {
        await using var bed = new OpenStackBed(OpenStackSections.Make(FromVolume));
        bed.Cloud.Cinder.Limits = Quota.Of((Quota.Volumes, 10), (Quota.VolumeGb, 500));
        bed.Cloud.Cinder.Add(100, null);
        await bed.LaunchAsync(bed.NewOrder());

        var limits = await bed.LimitsAsync();

        Assert.Equal((9, 400), (limits.Amounts[Quota.Volumes], limits.Amounts[Quota.VolumeGb]));
    }

    [Fact]
    public async Task Limits_SeeWhatHasJustChanged()
    {
        await using var bed = new OpenStackBed();
        bed.Cloud.Nova.Limits = Quota.Of((Quota.Instances, 5));
        await bed.LimitsAsync();
        bed.Cloud.Nova.Add("theirs", "f1");

        Assert.Equal(Quota.Of((Quota.Instances, 4)), await bed.LimitsAsync());
    }

    [Fact]
    public async Task Cost_IsOneInstanceUntilTheFlavorsAreKnown()
    {
        await using var bed = new OpenStackBed(OpenStackSections.Make(FromVolume));
        var pool = bed.Config.Pools[0];

        Assert.Equal(Quota.Of((Quota.Instances, 1), (Quota.Volumes, 1), (Quota.VolumeGb, 40)), bed.Provider.GetCost(pool, pool.Labels[0]));
        await bed.LimitsAsync();
        Assert.Equal(
            Quota.Of((Quota.Instances, 1), (Quota.Cores, 4), (Quota.Ram, 4096), (Quota.Volumes, 1), (Quota.VolumeGb, 40)), bed.Provider.GetCost(pool, pool.Labels[0]));
    }
}
