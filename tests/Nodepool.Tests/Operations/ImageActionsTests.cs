using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Tests.Cli;

namespace Nodepool.Tests.Operations;

public sealed class ImageActionsTests
{
    private readonly TestStore _store = new();
    private readonly ImageActions _actions;

    public ImageActionsTests() => _actions = new ImageActions(_store.Engine, _store.Sources);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pause_AndUnpause_SayWhetherTheyChangedAnything()
    {
        Assert.True(await _actions.PauseAsync("debian", Ct));
        Assert.False(await _actions.PauseAsync("debian", Ct));
        Assert.True(await _actions.UnpauseAsync("debian", Ct));
        Assert.False(await _actions.UnpauseAsync("debian", Ct));
    }

    [Theory]
    [InlineData(ImageState.Ready, null)]
    [InlineData(ImageState.Failed, null)]
    [InlineData(ImageState.Deleting, null)]
    [InlineData(ImageState.Building, "build debian-b1 is building: a builder works on it; try again when it is done")]
    public async Task DeleteBuild_InEachState_MarksOrRefuses(ImageState state, string? message)
    {
        _store.Put("debian", "b1", new ImageBuildRecord { State = state, StateTime = 1, Builder = "host" });

        var thrown = await Record.ExceptionAsync(async () => await _actions.DeleteBuildAsync("debian", "b1", Ct));

        Assert.Equal(message, thrown?.Message);
        var build = _store.View().Image("debian").Builds["b1"].Record!;
        Assert.Equal((message is null ? ImageState.Deleting : state, "host"), (build.State, build.Builder));
    }

    [Fact]
    public async Task DeleteUpload_BuilderQuicker_DecidesAnew()
    {
        var path = NodepoolPaths.Upload("debian", "b1", "local", "0000000001");
        _store.Put("debian", "b1", "local", "0000000001", new ImageUploadRecord { State = ImageState.Ready, StateTime = 1 });
        var engine = new RacingEngine(_store.Engine, () => _store.Put(path, new ImageUploadRecord { State = ImageState.Ready, StateTime = 1, ExternalId = "new" }.Write()));

        await new ImageActions(engine, _store.Sources).DeleteUploadAsync("debian", "b1", "local", "0000000001", Ct);

        var upload = _store.View().Image("debian").Uploads[path].Record!;
        Assert.Equal((ImageState.Deleting, TestStore.Now, "new"), (upload.State, upload.StateTime, upload.ExternalId));
    }

    [Fact]
    public async Task DeleteUpload_ThatIsUploading_IsRefused()
    {
        _store.Put("debian", "b1", "local", "0000000001", new ImageUploadRecord { State = ImageState.Uploading, StateTime = 1 });

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await _actions.DeleteUploadAsync("debian", "b1", "local", "0000000001", Ct));

        Assert.Equal("upload 0000000001 of build debian-b1 at local is uploading: a builder works on it; try again when it is done", refused.Message);
    }

    [Fact]
    public async Task DeleteBuild_OfNone_SaysSoAndMakesNothing()
    {
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await _actions.DeleteBuildAsync("debian", "b9", Ct));

        Assert.Equal((Refusal.NotFound, "build debian-b9 not found; nodepool dib-image-list shows what exists"), (refused.Reason, refused.Message));
        Assert.Equal(0, _store.Tree.Position);
    }
}
