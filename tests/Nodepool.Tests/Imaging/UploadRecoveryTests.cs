using Nodepool.Core.Model;
using Nodepool.Core.State;

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

        world.Bed.Do(() =>
        {
#pragma warning disable CA1849 // The other way would leave the simulator's thread.
            stop.Cancel();
#pragma warning restore CA1849
            return Task.CompletedTask;
        });

        var stopped = world.Until("b1", ImageState.Failed);
        Assert.Equal(("the builder was stopped in the middle of the upload", true), (stopped.Record!.Failure, stopped.Record.IsInterrupted));
    }

    /// <summary>What a builder has stored that is no more.</summary>
    private static Write.Create Begun(UploadBed world, int attempt) => new(
        NodepoolPaths.Uploads("i", "b1", "p1") + "/",
        new ImageUploadRecord { State = ImageState.Uploading, StateTime = world.Bed.Process.Sources.UnixNow, Attempt = attempt }.Write(),
        CreateModes.Sequential);
}
