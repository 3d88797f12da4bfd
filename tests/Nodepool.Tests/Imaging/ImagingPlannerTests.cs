using Nodepool.Core.Config;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Imaging;

public sealed class ImagingPlannerTests
{
    private const double Now = 100_000;

    private static readonly NodepoolConfig Config = new()
    {
        DiskImages = [new DiskImageConfig { Name = "i", RebuildAge = TimeSpan.FromSeconds(1000) }],
        Providers =
        [
            new ProviderConfig { Name = "p", Driver = "fake", ImageFormats = ["qcow2"], DiskImages = [new ProviderDiskImageConfig { Name = "i" }] },
            new ProviderConfig { Name = "q", Driver = "fake", ImageFormats = ["raw"], DiskImages = [new ProviderDiskImageConfig { Name = "i", Pause = true }] },
        ],
    };

    private readonly ViewFixture _stored = new();

    [Fact]
    public void Build_NothingThere_IsOrderedInAllFormats() => Assert.Equal(["qcow2", "raw"], Assert.Single(Builds().Orders).Formats);

    [Fact]
    public void Build_FreshOne_IsDueWhenItIsOld()
    {
        _stored.Build("i", "b", ImageState.Ready, Now - 400, "qcow2,raw");

        Assert.Empty(Builds().Orders);
        Assert.Equal(Now + 600, Builds().NextDue);
        Assert.Single(Builds(Now + 600).Orders);
    }

    [Fact]
    public void Build_FormatMissing_IsDueNow()
    {
        _stored.Build("i", "b", ImageState.Ready, Now, "qcow2");

        Assert.Contains("lacks formats", Assert.Single(Builds().Orders).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_PausedOrLocked_IsLeftAlone()
    {
        Assert.Empty(BuildPlanner.Plan(new ViewFixture().Put(NodepoolPaths.ImagePause("i"), default).View, Config, Now).Orders);
        Assert.Empty(BuildPlanner.Plan(new ViewFixture().Put(NodepoolPaths.BuildsLock("i") + "/00__lock__0000000000", default).View, Config, Now).Orders);
    }

    private BuildPlan Builds(double now = Now) => BuildPlanner.Plan(_stored.View, Config, now);
}
