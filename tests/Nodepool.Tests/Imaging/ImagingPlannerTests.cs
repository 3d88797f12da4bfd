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

    [Fact]
    public void Upload_NewestReadyBuildOfMine_IsOrderedWhereNotPaused()
    {
        _stored.Build("i", "b1", ImageState.Ready, Now - 9, "qcow2,raw").Build("i", "b2", ImageState.Ready, Now - 5, "qcow2,raw");

        var order = Assert.Single(Uploads().Orders);

        Assert.Equal(("b2", "p"), (order.Build.Id, order.Provider.Name));
    }

    [Fact]
    public void Upload_FilesElsewhereOrDoneOrRunning_IsNotOrdered()
    {
        Assert.Empty(UploadPlanner.Plan(_stored.Build("i", "b", ImageState.Ready, Now, builderId: "other").View, Config, "me", Now).Orders);

        _stored.Build("i", "b", ImageState.Ready, Now).Upload("i", "b", "p", "0", ImageState.Ready, Now);
        Assert.Empty(Uploads().Orders);

        _stored.Upload("i", "b", "p", "0", ImageState.Uploading, Now).Put(NodepoolPaths.UploadsLock("i", "b", "p") + "/00__lock__0000000000", default);
        Assert.Empty(Uploads().Orders);
    }

    [Fact]
    public void Upload_Failed_WaitsAndTriesAgain()
    {
        _stored.Build("i", "b", ImageState.Ready, Now).Upload("i", "b", "p", "0", ImageState.Failed, Now);

        Assert.Empty(Uploads().Orders);
        Assert.Single(UploadPlanner.Plan(_stored.View, Config, "me", Uploads().NextDue!.Value).Orders);
    }

    [Fact]
    public void Retention_ThirdBuildAndUpload_Go()
    {
        foreach (var n in Enumerable.Range(1, 3))
        {
            _stored.Build("i", $"b{n}", ImageState.Ready, Now + n).Upload("i", $"b{n}", "p", "0", ImageState.Ready, Now + n);
        }

        var plan = RetentionPlanner.Plan(_stored.View, Config);

        Assert.Equal("b1", Assert.Single(plan.Uploads).Build);
        Assert.Equal("b1", Assert.Single(plan.Builds).Id);
        Assert.Empty(plan.Gone);
    }

    [Fact]
    public void Retention_NewestBuildsNotUploadedYet_OldUploadsStay()
    {
        _stored.Build("i", "b1", ImageState.Ready, Now + 1).Upload("i", "b1", "p", "0", ImageState.Ready, Now + 1)
            .Build("i", "b2", ImageState.Ready, Now + 2).Build("i", "b3", ImageState.Ready, Now + 3).Upload("i", "b3", "p", "0", ImageState.Failed, Now + 4);

        var plan = RetentionPlanner.Plan(_stored.View, Config);

        Assert.Empty(plan.Uploads);
        Assert.Empty(plan.Builds);
    }

    [Fact]
    public void Retention_LaunchInProgress_KeepsItsImage()
    {
        foreach (var n in Enumerable.Range(1, 3))
        {
            _stored.Build("i", $"b{n}", ImageState.Ready, Now + n).Upload("i", $"b{n}", "p", "0", ImageState.Ready, Now + n);
        }

        _stored.Node("1", NodeState.Building, change: node => node with { ImageId = NodepoolPaths.Upload("i", "b1", "p", "0") });

        Assert.Empty(RetentionPlanner.Plan(_stored.View, Config).Uploads);
    }

    [Fact]
    public void Retention_FailuresBeforeANewerReadyBuild_Go()
    {
        _stored.Build("i", "b1", ImageState.Failed, Now).Build("i", "b2", ImageState.Failed, Now + 2).Build("i", "b3", ImageState.Ready, Now + 1);

        Assert.Equal(["b1"], RetentionPlanner.Plan(_stored.View, Config).Builds.Select(build => build.Id));
    }

    [Fact]
    public void Retention_ImageRemovedFromTheFile_GoesEverywhere()
    {
        _stored.Build("gone", "b1", ImageState.Ready, Now).Upload("gone", "b1", "p", "0", ImageState.Ready, Now).Upload("gone", "b1", "unknown", "0", ImageState.Ready, Now);

        var plan = RetentionPlanner.Plan(_stored.View, Config);

        Assert.Equal("p", Assert.Single(plan.Uploads).Provider);
        Assert.Equal("b1", Assert.Single(plan.Builds).Id);
    }

    [Fact]
    public void Retention_DeletingWithoutUploads_IsGone()
    {
        _stored.Build("i", "b1", ImageState.Deleting, Now).Build("i", "b2", ImageState.Deleting, Now).Upload("i", "b2", "p", "0", ImageState.Deleting, Now);

        var plan = RetentionPlanner.Plan(_stored.View, Config);

        Assert.Equal("b1", Assert.Single(plan.Gone).Id);
        Assert.Equal("b2", Assert.Single(plan.Uploads).Build);
    }

    private BuildPlan Builds(double now = Now) => BuildPlanner.Plan(_stored.View, Config, now);

    private UploadPlan Uploads() => UploadPlanner.Plan(_stored.View, Config, "me", Now);
}
