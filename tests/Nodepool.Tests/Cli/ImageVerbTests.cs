using System.Text.Json.Nodes;
using Nodepool.Core.Model;

namespace Nodepool.Tests.Cli;

public sealed class ImageVerbTests : IDisposable
{
    private readonly TestCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task ImageBuild_Twice_AsksOnceAndSaysSo()
    {
        Assert.Equal(0, await _cli.RunAsync("image-build debian-12"));
        Assert.Equal(0, await _cli.RunAsync("image-build debian-12"));

        Assert.Equal(
            "image debian-12 will be built as soon as a builder is free\n"
            + "image debian-12 was asked for already and is waiting for a builder or being built\n",
            _cli.Out);
        Assert.NotNull(_cli.Store.Find(NodepoolPaths.BuildRequest("debian-12")));
    }

    [Theory]
    [InlineData("image-build fedora", "nodepool: no diskimage 'fedora' in /etc/nodepool/nodepool.yaml; it has debian-12, idle\n")]
    [InlineData("image-pause fedora", "nodepool: no diskimage 'fedora' in /etc/nodepool/nodepool.yaml; it has debian-12, idle\n")]
    [InlineData("image-build idle", "nodepool: image idle is paused by 'pause' in /etc/nodepool/nodepool.yaml\n")]
    public async Task ImageBuild_OfAnImageThatCannotBeBuilt_IsRefused(string line, string message)
    {
        Assert.Equal(1, await _cli.RunAsync(line));
        Assert.Equal(message, _cli.Error);
        Assert.Equal(0, _cli.Store.Tree.Position);
    }

    [Fact]
    public async Task Pause_ThenBuild_IsRefusedUntilUnpaused()
    {
        Assert.Equal(0, await _cli.RunAsync("image-pause debian-12"));
        Assert.Equal(1, await _cli.RunAsync("image-build debian-12"));
        Assert.Equal("nodepool: image debian-12 is paused: nodepool image-unpause debian-12 allows builds again\n", _cli.Error);
        Assert.Equal(0, await _cli.RunAsync("image-unpause debian-12"));
        Assert.Equal(0, await _cli.RunAsync("image-build debian-12"));
    }

    [Fact]
    public async Task ImageDelete_OfTheUploadInUse_NamesTheOneUsedAfterwards()
    {
        PutUploads();

        Assert.Equal(0, await _cli.RunAsync("image-delete --provider cloud --image debian-12 --build-id b2 --upload-id 0000000001"));

        Assert.Equal("upload 0000000001 of build debian-12-b2 at cloud is being deleted; new nodes there boot from build b1, upload 0000000004; build b2 is not uploaded there again\n", _cli.Out);
        Assert.Equal("deleted by command", _cli.Store.View().Image("debian-12").Builds["b2"].Record!.Withdrawn["cloud"].Reason);
        Assert.Equal(ImageState.Deleting, _cli.Store.View().Image("debian-12").Uploads[NodepoolPaths.Upload("debian-12", "b2", "cloud", "0000000001")].Record!.State);
    }

    [Fact]
    public async Task ImageDelete_OfTheLastUpload_SaysThatNothingIsLeft()
    {
        PutUploads();
        await _cli.RunAsync("image-delete --provider cloud --image debian-12 --build-id b2 --upload-id 0000000001");

        using var json = new TestCli();
        json.Store.Put("debian-12", "b1", "cloud", "0000000004", new ImageUploadRecord { State = ImageState.Ready, StateTime = 10 });
        Assert.Equal(0, await json.RunAsync("image-delete --provider cloud --image debian-12 --build-id b1 --upload-id 0000000004 -o json"));
        Assert.Null(JsonNode.Parse(json.Out)!["next"]);

        Assert.Equal(0, await _cli.RunAsync("image-delete --provider cloud --image debian-12 --build-id b1 --upload-id 0000000004"));
        Assert.EndsWith("no ready upload of debian-12 is left at cloud: no new nodes boot from it there until there is a newer build (nodepool image-build debian-12); build b1 is not uploaded there again\n", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DibImageDelete_SplitsAtTheLastDash()
    {
        PutUploads();

        Assert.Equal(0, await _cli.RunAsync("dib-image-delete debian-12-b2"));

        Assert.Equal("build debian-12-b2 is being deleted; the newest ready build is debian-12-b1; new nodes at cloud boot from build b1, upload 0000000004\n", _cli.Out);
        Assert.Equal(ImageState.Deleting, _cli.Store.View().Image("debian-12").Builds["b2"].Record!.State);
    }

    private void PutUploads()
    {
        _cli.Store.Put("debian-12", "b1", new ImageBuildRecord { State = ImageState.Ready, StateTime = 5 });
        _cli.Store.Put("debian-12", "b2", new ImageBuildRecord { State = ImageState.Ready, StateTime = 15 });
        _cli.Store.Put("debian-12", "b1", "cloud", "0000000004", new ImageUploadRecord { State = ImageState.Ready, StateTime = 10 });
        _cli.Store.Put("debian-12", "b2", "cloud", "0000000001", new ImageUploadRecord { State = ImageState.Ready, StateTime = 20 });
    }
}
