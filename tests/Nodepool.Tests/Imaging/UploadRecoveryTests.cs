using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.State;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Tests.Imaging;

/// <summary>What becomes of an upload whose builder ended in the middle of it.</summary>
public sealed class UploadRecoveryTests
{
    [Fact]
    public void AnUploadWithoutABuilder_HasFailed_SaysSo_AndIsRepeatedSoon()
    {
        var world = new UploadBed();
        world.Build("b1", Begun(world, attempt: 1));

        var lost = world.Until("b1", ImageState.Failed);
        Assert.Equal(("the builder ended in the middle of the upload", true, 1), (lost.Record!.Failure, lost.Record.IsInterrupted, lost.Record.Attempt));

        var ready = world.Until("b1", ImageState.Ready);
        Assert.Equal(1, ready.Record!.Attempt);
        Assert.InRange(ready.Record.StateTime - lost.Record.StateTime, 1, 5);
        world.Bed.Until(() => !world.Image.Uploads.ContainsKey(lost.Path), "the newer one has made it history");
    }

    [Fact]
    public void AnUploadThatSomebodyIsAt_IsLeftToHim()
    {
        var world = new UploadBed();
        var contender = NodepoolPaths.UploadsLock("i", "b1", "p1") + "/00__lock__0000000000";
        world.Build("b1", Begun(world, attempt: 1), new Write.Create(contender, ReadOnlyMemory<byte>.Empty, CreateModes.Persistent));

        world.Bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(ImageState.Uploading, Assert.Single(world.Image.Uploads.Values).Record!.State);

        world.Bed.Do(() => world.Bed.Engine.CommitAsync([new Write.Delete(contender, Write.AnyVersion)], CancellationToken.None).AsTask());
        world.Until("b1", ImageState.Ready);
    }

    [Fact]
    public void ABuilderThatIsStopped_SaysSoInTheRecord()
    {
        using var stop = new CancellationTokenSource();
        var world = new UploadBed(stop: stop.Token);
        world.Bed.Cloud.Behaviour.UploadLatency = TimeSpan.FromMinutes(4);
        world.Build("b1");
        world.Until("b1", ImageState.Uploading);

        Stop(world, stop);

        var stopped = world.Until("b1", ImageState.Failed);
        Assert.Equal(("the builder was stopped in the middle of the upload", true), (stopped.Record!.Failure, stopped.Record.IsInterrupted));
    }

    [Fact]
    public void AnUploadThatWasDone_IsFoundAgain_AndNotSentTwice()
    {
        var world = new UploadBed();
        Bring(world);
        world.Build("b1", Begun(world, attempt: 1));

        var upload = world.Until("b1", ImageState.Ready);

        Assert.Equal((Assert.Single(world.Bed.Cloud.Truth.Images).Id, "i-b1-0000000000", 1), (upload.Record!.ExternalId, upload.Record.ExternalName, upload.Record.Attempt));
        Assert.Equal(1, world.Bed.Cloud.Count(FakeOperation.Upload));
    }

    [Fact]
    public void AnUploadThatWasDone_AndItsHookWasNotAsked_IsShownToTheHook()
    {
        var world = new UploadBed(provider => provider with { PostUploadHook = "/hook" }) { Refusal = "the hook did not like it" };
        Bring(world);
        world.Build("b1", Begun(world, attempt: 1));

        Assert.Equal(("the hook did not like it", false), (world.Until("b1", ImageState.Failed).Record!.Failure, world.Newest("b1")!.Record!.IsInterrupted));
        Assert.Empty(world.Bed.Cloud.Truth.Images);
    }

    [Fact]
    public void WhatIsNotWhole_IsDeletedBeforeItIsSentAgain()
    {
        var world = new UploadBed();
        world.Bed.Cloud.Behaviour.UploadLatency = TimeSpan.FromMinutes(1);
        Bring(world, dies: TimeSpan.FromSeconds(1));
        var half = Assert.Single(world.Bed.Cloud.Truth.Images).Id;
        world.Build("b1", Begun(world, attempt: 1));

        world.Until("b1", ImageState.Failed);

        Assert.DoesNotContain(world.Bed.Cloud.Truth.Images, image => image.Id == half);
        world.Until("b1", ImageState.Ready);
    }

    [Fact]
    public void AProviderThatCannotTell_IsAskedAgain_ForAMinute()
    {
        var world = new UploadBed();
        Bring(world);
        world.Bed.Cloud.Behaviour.Next(FakeOperation.List, FakeFate.Fails(ProviderFault.Unavailable), times: 3);
        world.Build("b1", Begun(world, attempt: 1));
        world.Until("b1", ImageState.Ready);

        world = new UploadBed();
        Bring(world);
        world.Bed.Cloud.Behaviour.Next(FakeOperation.List, FakeFate.Fails(ProviderFault.Unavailable), times: 1000);
        world.Build("b1", Begun(world, attempt: 1));
        var lost = world.Until("b1", ImageState.Failed);
        Assert.InRange(lost.Record!.StateTime - world.Image.Builds["b1"].Record!.StateTime, 60, 95);
    }

    [Fact]
    public void AnUploadOfAnotherBuildersFiles_IsLeftToItForAMinute()
    {
        var world = new UploadBed();
        world.BuildOf("other", "b1", Begun(world, attempt: 1));

        world.Bed.Pass(TimeSpan.FromSeconds(55));
        Assert.Equal(ImageState.Uploading, world.Newest("b1")!.Record!.State);

        Assert.True(world.Until("b1", ImageState.Failed).Record!.IsInterrupted);
    }

    [Fact]
    public void ABuilderThatIsStoppedWhileTheHookLooks_GoesOnWithThatImageAfterItsStart()
    {
        using var stop = new CancellationTokenSource();
        var world = new UploadBed(provider => provider with { PostUploadHook = "/hook" }, stop: stop.Token);
        world.Build("b1");
        world.Bed.Until(() => world.Asked.Count == 1, "the hook is asked");
        Stop(world, stop);
        world.Bed.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal((ImageState.Uploading, world.Asked[0].ExternalId), (world.Newest("b1")!.Record!.State, world.Newest("b1")!.Record!.ExternalId));

        world.Bed.Process.Start(() => world.Builder(CancellationToken.None));

        Assert.Equal(world.Asked[0].ExternalId, world.Until("b1", ImageState.Ready).Record!.ExternalId);
        Assert.Equal((2, 1L), (world.Asked.Count, world.Bed.Cloud.Count(FakeOperation.Upload)));
    }

    private static void Stop(UploadBed world, CancellationTokenSource stop) => world.Bed.Do(() =>
    {
#pragma warning disable CA1849 // The other way would leave the simulator's thread.
        stop.Cancel();
#pragma warning restore CA1849
        return Task.CompletedTask;
    });

    /// <summary>What an upload has brought there whose builder is no more.</summary>
    private static void Bring(UploadBed world, TimeSpan? dies = null) => world.Bed.Do(async () =>
    {
        using var death = new CancellationTokenSource(dies ?? TimeSpan.FromHours(1), world.Bed.Process.Time);
        ValueMap<string> metadata = new([new(ImageMetadata.BuildId, "b1"), new(ImageMetadata.UploadId, "0000000000"), new(NodeMetadata.ProviderName, "p1")]);
        try
        {
            await world.Bed.Cloud.UploadAsync("i-b1-0000000000", metadata, new Progress<double>(), death.Token);
        }
        catch (OperationCanceledException)
        {
            // Half of it is there.
        }
    });

    /// <summary>What a builder has stored that is no more.</summary>
    private static Write.Create Begun(UploadBed world, int attempt) => new(
        NodepoolPaths.Uploads("i", "b1", "p1") + "/",
        new ImageUploadRecord { State = ImageState.Uploading, StateTime = world.Bed.Process.Sources.UnixNow, Attempt = attempt }.Write(),
        CreateModes.Sequential);
}
