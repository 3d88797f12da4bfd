using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Imaging;

public sealed class RetentionPlannerTests
{
    private const double Now = 100_000;

    private readonly ViewFixture _stored = new();
    private NodepoolConfig _config = ImagingConfig.Of();

    [Fact]
    public void ThirdBuildAndUpload_Go()
    {
        PutReady(3);

        var plan = Plan();

        Assert.Equal("b1", Assert.Single(plan.Uploads).Item.Build);
        Assert.Equal("b1", Assert.Single(plan.Builds).Item.Id);
        Assert.Empty(plan.Gone);
    }

    [Fact]
    public void Removal_RestsOnThoseThatStay()
    {
        PutReady(3);

        var fence = Assert.Single(Plan().Uploads).Fence.Select(write => write.Path);

        Assert.Equal(
            [NodepoolPaths.Build("i", "b2"), NodepoolPaths.Upload("i", "b2", "p", "0"), NodepoolPaths.Build("i", "b3"), NodepoolPaths.Upload("i", "b3", "p", "0")],
            fence.Order(StringComparer.Ordinal));
        Assert.Equal([NodepoolPaths.Build("i", "b2"), NodepoolPaths.Build("i", "b3")], Assert.Single(Plan().Builds).Fence.Select(write => write.Path));
    }

    [Theory]
    [InlineData(1, "b1,b2,b3")]
    [InlineData(3, "b1")]
    [InlineData(4, "")]
    public void ImageRetention_SaysHowManyStay(int count, string gone)
    {
        _config = ImagingConfig.Of(image => image with { Retention = count });
        PutReady(4);

        Assert.Equal(gone, string.Join(',', Plan().Uploads.Select(removal => removal.Item.Build)));
        Assert.Equal(gone, string.Join(',', Plan().Builds.Select(removal => removal.Item.Id)));
    }

    [Fact]
    public void UsableOnes_AreCounted_NotTheFailedAndTheDeleted()
    {
        PutReady(2);
        _stored.Build("i", "b3", ImageState.Ready, Now + 3).Upload("i", "b3", "p", "0", ImageState.Failed, Now + 4)
            .Build("i", "b4", ImageState.Deleting, Now + 5).Upload("i", "b4", "p", "0", ImageState.Ready, Now + 5);

        Assert.Equal(["b4"], Plan().Uploads.Select(removal => removal.Item.Build));
        Assert.Empty(Plan().Builds);
    }

    [Fact]
    public void NewestBuildsNotUploadedYet_OldUploadsStay()
    {
        PutReady(1);
        _stored.Build("i", "b2", ImageState.Ready, Now + 2).Build("i", "b3", ImageState.Ready, Now + 3).Upload("i", "b3", "p", "0", ImageState.Failed, Now + 4);

        Assert.Empty(Plan().Uploads);
        Assert.Empty(Plan().Builds);
    }

    [Fact]
    public void WithdrawnBuild_TakesNoPlace_ButStaysWhileItIsTheNewest()
    {
        PutReady(2);
        PutWithdrawn("b3", Now + 3);
        Assert.Empty(Plan().Builds);

        _stored.Build("i", "b4", ImageState.Ready, Now + 4);
        Assert.Equal(["b3"], Plan().Builds.Select(removal => removal.Item.Id));
    }

    [Theory]
    [InlineData(NodeState.Building)]
    [InlineData(NodeState.InUse)]
    [InlineData(NodeState.Hold)]
    public void AnyNodeOfIt_KeepsAnUpload(NodeState state)
    {
        PutReady(3);
        _stored.Node("1", state, change: node => node with { ImageId = NodepoolPaths.Upload("i", "b1", "p", "0") });

        Assert.Empty(Plan().Uploads);
        Assert.Equal("b1", Assert.Single(Plan().Builds).Item.Id);
    }

    [Theory]
    [InlineData(NodeState.Building, 0)]
    [InlineData(NodeState.Hold, 1)]
    public void OrderedDeletion_WaitsForLaunchesOnly(NodeState state, int expected)
    {
        _stored.Build("i", "b1", ImageState.Ready, Now).Upload("i", "b1", "p", "0", ImageState.Deleting, Now)
            .Node("1", state, change: node => node with { ImageId = NodepoolPaths.Upload("i", "b1", "p", "0") });

        Assert.Equal(expected, Plan().Uploads.Count);
    }

    [Fact]
    public void UploadInProgress_StaysUntilItHasEnded_AlsoWhenTheImageIsNoLongerWantedThere()
    {
        _stored.Build("i", "b1", ImageState.Ready, Now).Upload("i", "b1", "p", "0", ImageState.Uploading, Now);
        Assert.Empty(Plan().Uploads);

        _config = _config with { Providers = _config.Providers.Select(provider => provider with { DiskImages = [] }).ToValueList() };
        Assert.Empty(Plan().Uploads);
    }

    [Fact]
    public void FailedUpload_OfABuildThatIsDeleted_GoesWithIt()
    {
        _stored.Build("i", "b1", ImageState.Ready, Now).Build("i", "b2", ImageState.Deleting, Now + 1).Upload("i", "b2", "p", "0", ImageState.Failed, Now + 2);

        Assert.Equal("b2", Assert.Single(Plan().Uploads).Item.Build);
    }

    [Fact]
    public void FailedUploadWithAnImage_IsCleanedButKept()
    {
        _stored.Build("i", "b1", ImageState.Ready, Now).Upload("i", "b1", "p", "0", ImageState.Failed, Now);

        Assert.Equal("b1", Assert.Single(Plan().Remains).Build);
        Assert.Empty(Plan().Uploads);
    }

    [Fact]
    public void WhatCannotBeUnderstood_IsLeftAlone()
    {
        _stored.Build("i", "b1", ImageState.Ready, Now).Put(NodepoolPaths.Upload("i", "b1", "p", "0"), "[]"u8.ToArray());

        Assert.Empty(Plan().Uploads);
    }

    [Fact]
    public void FailuresBeforeANewerReadyBuild_Go()
    {
        _stored.Build("i", "b1", ImageState.Failed, Now).Build("i", "b2", ImageState.Failed, Now + 2).Build("i", "b3", ImageState.Ready, Now + 1);

        Assert.Equal(["b1"], Plan().Builds.Select(removal => removal.Item.Id));
    }

    [Fact]
    public void ImageRemovedFromTheFile_GoesEverywhere()
    {
        _stored.Build("gone", "b1", ImageState.Ready, Now).Upload("gone", "b1", "p", "0", ImageState.Ready, Now).Upload("gone", "b1", "unknown", "0", ImageState.Ready, Now);

        Assert.Equal("p", Assert.Single(Plan().Uploads).Item.Provider);
        Assert.Equal("b1", Assert.Single(Plan().Builds).Item.Id);
    }

    [Fact]
    public void DeletingWithoutUploads_IsGone()
    {
        _stored.Build("i", "b1", ImageState.Deleting, Now).Build("i", "b2", ImageState.Deleting, Now).Upload("i", "b2", "p", "0", ImageState.Deleting, Now);

        Assert.Equal("b1", Assert.Single(Plan().Gone).Id);
        Assert.Equal("b2", Assert.Single(Plan().Uploads).Item.Build);
    }

    private RetentionPlan Plan() => RetentionPlanner.Plan(_stored.View, _config);

    private void PutReady(int count)
    {
        foreach (var n in Enumerable.Range(1, count))
        {
            _stored.Build("i", $"b{n}", ImageState.Ready, Now + n).Upload("i", $"b{n}", "p", "0", ImageState.Ready, Now + n);
        }
    }

    private void PutWithdrawn(string id, double time) => _stored.Put(
        NodepoolPaths.Build("i", id),
        new ImageBuildRecord
        {
            State = ImageState.Ready,
            StateTime = time,
            BuilderId = "me",
            Formats = ["qcow2"],
            Withdrawn = new([new("p", new Withdrawal(time, "bad")), new("q", new Withdrawal(time, "bad"))]),
        }.Write());
}
