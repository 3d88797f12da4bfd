using Nodepool.Core.Model;

namespace Nodepool.Tests.Cli;

/// <summary>Questions before something is destroyed.</summary>
public sealed class ConfirmationTests : IDisposable
{
    private const string LastUpload = "image-delete --provider cloud --image debian-12 --build-id b1 --upload-id 0000000004";

    private readonly TestCli _cli = new();

    public ConfirmationTests()
    {
        _cli.Store.Put("debian-12", "b1", new ImageBuildRecord { State = ImageState.Ready, StateTime = 5 });
        _cli.Store.Put("debian-12", "b1", "cloud", "0000000004", new ImageUploadRecord { State = ImageState.Ready, StateTime = 10 });
    }

    public void Dispose() => _cli.Dispose();

    private ImageState State => _cli.Store.View().Image("debian-12").Uploads[NodepoolPaths.Upload("debian-12", "b1", "cloud", "0000000004")].Record!.State;

    [Theory]
    [InlineData("n")]
    [InlineData("")]
    [InlineData("perhaps")]
    public async Task LastUpload_OnATerminal_IsAskedFor(string answer)
    {
        _cli.IsTerminal = true;
        _cli.Answer = answer;

        Assert.Equal(1, await _cli.RunAsync(LastUpload));

        Assert.Equal(
            "This is the last ready upload of debian-12 at cloud: no new nodes boot from it there until a builder has uploaded one. Delete it? [y/N] "
            + "nodepool: nothing was changed\n",
            _cli.Error);
        Assert.Equal(ImageState.Ready, State);
    }

    [Theory]
    [InlineData("y", LastUpload)]
    [InlineData(" YES ", LastUpload)]
    [InlineData("n", LastUpload + " --force")]
    [InlineData(null, LastUpload)]
    public async Task LastUpload_ConfirmedForcedOrWithoutATerminal_IsDeleted(string? answer, string line)
    {
        _cli.IsTerminal = answer is not null;
        _cli.Answer = answer;

        Assert.Equal(0, await _cli.RunAsync(line));

        Assert.Equal(ImageState.Deleting, State);
    }

    [Fact]
    public async Task Question_InterruptedByCtrlC_EndsItsLine()
    {
        using var isOver = new ManualResetEventSlim();
        _cli.IsTerminal = true;
        _cli.Answer = "y";
        _cli.WhileAsked = () =>
        {
            _cli.Stop.Raise();
            isOver.Wait();
        };

        var status = await _cli.RunAsync(LastUpload);
        isOver.Set();

        Assert.Equal(130, status);
        Assert.EndsWith("Delete it? [y/N] \nnodepool: interrupted\n", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(ImageState.Ready, State);
    }

    [Fact]
    public async Task LastBuild_OnATerminal_IsAskedFor()
    {
        _cli.IsTerminal = true;
        _cli.Answer = "n";

        Assert.Equal(1, await _cli.RunAsync("dib-image-delete debian-12-b1"));
        Assert.StartsWith("debian-12-b1 is the last ready build of debian-12, and its uploads go with it. Delete it? [y/N] ", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(ImageState.Ready, State);
    }

    [Fact]
    public async Task UploadThatIsReplaced_IsNotAskedFor()
    {
        _cli.IsTerminal = true;
        _cli.Answer = "n";
        _cli.Store.Put("debian-12", "b1", "cloud", "0000000005", new ImageUploadRecord { State = ImageState.Ready, StateTime = 20 });

        Assert.Equal(0, await _cli.RunAsync(LastUpload));
    }
}
