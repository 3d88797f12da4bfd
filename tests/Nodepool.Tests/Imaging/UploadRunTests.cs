using Nodepool.Core.Config.Templates;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Tests.Imaging;

/// <summary>Uploads by the builder itself, on a fake cloud and fake time.</summary>
public sealed class UploadRunTests
{
    [Fact]
    public void Hook_ThatRefuses_RemovesTheImage_AndItsWordsAreTheFailure()
    {
        var world = new UploadBed(provider => provider with { PostUploadHook = "/hook" }) { Refusal = "the hook did not like it" };
        world.Build("b1");

        var upload = world.Until("b1", ImageState.Failed);

        var asked = Assert.Single(world.Asked);
        Assert.Equal(("/hook", "p1", "/images/i-b1.qcow2"), (asked.Program, asked.Provider, asked.File));
        Assert.Equal(("the hook did not like it", null), (upload.Record!.Failure, upload.Record.ExternalId));
        Assert.Empty(world.Bed.Cloud.Truth.Images);
    }

    [Fact]
    public void Hook_ThatRefusesWhatCannotBeDeletedThen_LeavesItToRetention()
    {
        var world = new UploadBed(provider => provider with { PostUploadHook = "/hook" }) { Refusal = "no" };
        world.Bed.Cloud.Behaviour.Next(FakeOperation.DeleteImage, FakeFate.Fails(ProviderFault.Unavailable), times: 2);
        world.Build("b1");

        var upload = world.Until("b1", ImageState.Failed);
        Assert.Equal(("no", world.Asked[0].ExternalId), (upload.Record!.Failure, upload.Record.ExternalId));

        world.Bed.Until(() => world.Image.Uploads[upload.Path].Record!.ExternalId is null, "the image is deleted, its record stays");
        Assert.DoesNotContain(world.Bed.Cloud.Truth.Images, image => image.Id == world.Asked[0].ExternalId);
    }

    [Fact]
    public void Hook_ThatAgrees_IsAskedBeforeTheFirstNodeCouldBoot()
    {
        var world = new UploadBed(provider => provider with { PostUploadHook = "/hook" });
        world.Build("b1");

        world.Bed.Until(() => world.Newest("b1")?.Record!.ExternalId is not null, "the image is there");
        Assert.Equal((ImageState.Uploading, world.Newest("b1")!.Record!.ExternalId), (world.Newest("b1")!.Record!.State, Assert.Single(world.Asked).ExternalId));

        Assert.Equal(world.Asked[0].ExternalId, world.Until("b1", ImageState.Ready).Record!.ExternalId);
    }

    [Fact]
    public void Upload_ThatTakesTooLong_HasFailed_AndTheNextTryWaits()
    {
        var world = new UploadBed(provider => provider with { UploadTimeout = TimeSpan.FromMinutes(1) });
        world.Bed.Cloud.Behaviour.UploadLatency = TimeSpan.FromMinutes(5);
        world.Build("b1");

        var failed = world.Until("b1", ImageState.Failed);
        Assert.Equal("not done after 60 s (image-upload-timeout)", failed.Record!.Failure);

        world.Bed.Until(() => world.Newest("b1")!.Id != failed.Id, "it is tried again");
        Assert.InRange(world.Newest("b1")!.Record!.StateTime - failed.Record.StateTime, 5, 11);
        Assert.Equal(2, world.Newest("b1")!.Record!.Attempt);
    }

    [Fact]
    public void Progress_IsInTheRecord()
    {
        var world = new UploadBed();
        world.Bed.Cloud.Behaviour.UploadLatency = TimeSpan.FromMinutes(4);
        world.Build("b1");

        world.Until("b1", ImageState.Uploading);
        world.Bed.Until(() => world.Newest("b1")!.Record!.Progress == 0.5, "half of it is sent");

        Assert.Null(world.Until("b1", ImageState.Ready).Record!.Progress);
    }

    [Fact]
    public void File_ThatWasDamaged_IsNotSent()
    {
        var world = new UploadBed();
        world.Disk.IsDamaged = true;
        world.Build("b1");

        Assert.Contains("has changed since it was built", world.Until("b1", ImageState.Failed).Record!.Failure, StringComparison.Ordinal);
        Assert.Equal(0, world.Bed.Cloud.Count(FakeOperation.Upload));
    }

    [Fact]
    public void Name_IsWhatTheOperatorSays()
    {
        var world = new UploadBed(provider => provider with { ImageName = FormatTemplate.Parse("{image_name}-no-{upload_id}", FormatVocabulary.ImageName) });
        world.Build("b1");

        var upload = world.Until("b1", ImageState.Ready);

        Assert.Equal(($"i-no-{upload.Id}", upload.Record!.ExternalName), (Assert.Single(world.Bed.Cloud.Truth.Images).Name, upload.Record.ExternalName));
    }

    [Fact]
    public void Workers_AreNeverMoreThanAllowed_NorFewerThanThereIsWorkFor()
    {
        var world = new UploadBed(providers: 5, workers: 2);
        world.Bed.Cloud.Behaviour.UploadLatency = TimeSpan.FromMinutes(1);
        world.Build("b1");
        int Running() => world.Image.Uploads.Values.Count(upload => upload.Record!.State == ImageState.Uploading);
        var most = 0;

        world.Bed.Until(
            () =>
            {
                most = Math.Max(most, Running());
                return world.Image.Uploads.Values.Count(upload => upload.Record!.State == ImageState.Ready) == 5;
            },
            "all have it");

        Assert.Equal(2, most);
    }

    [Fact]
    public void Revert_StaysReverted_UntilSomebodyAsksOrANewerBuildIsThere()
    {
        var world = new UploadBed();
        world.Build("b1");
        world.Until("b1", ImageState.Ready);
        world.Build("b2");
        var bad = world.Until("b2", ImageState.Ready);

        world.Bed.Do(() => world.Actions.DeleteUploadAsync("i", "b2", "p1", bad.Id, CancellationToken.None).AsTask());
        world.Bed.Until(() => world.Image.NewestReadyUpload("p1")?.Build == "b1", "the previous one is in use");
        world.Bed.Pass(TimeSpan.FromMinutes(9));
        Assert.Equal(["b1"], world.Image.Uploads.Values.Select(upload => upload.Build));

        world.Bed.Do(() => new UploadActions(world.Bed.Engine, world.Bed.Process.Sources).RequestAsync(world.Image, "p1", ["qcow2"], CancellationToken.None).AsTask());
        world.Until("b2", ImageState.Ready);
        Assert.Equal("b2", world.Image.NewestReadyUpload("p1")!.Build);
    }

    [Fact]
    public void DeleteAfterUpload_RemovesTheFileWhenAllHaveIt()
    {
        var world = new UploadBed(providers: 2, image: image => image with { DeleteAfterUpload = true });
        world.Bed.Cloud.Behaviour.Next(FakeOperation.Upload, FakeFate.Fails(ProviderFault.Rejected));
        world.Build("b1");

        world.Bed.Until(() => world.Disk.Find("i", "b1").Count == 0, "the file is gone");

        Assert.Equal(2, world.Image.Uploads.Values.Count(upload => upload.Record!.State == ImageState.Ready));
        world.Bed.Until(() => world.Image.Builds["b1"].Record!.Removed.SequenceEqual(["qcow2"]), "the record says so");
    }
}
