using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Tests.Cli;

namespace Nodepool.Tests.Operations;

public sealed class BuildRequestsTests
{
    private readonly TestStore _store = new();
    private readonly BuildRequests _requests;

    public BuildRequestsTests() => _requests = new BuildRequests(_store.Engine);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_Twice_AsksOnce()
    {
        var first = await _requests.SubmitAsync("debian", Ct);
        var second = await _requests.SubmitAsync("debian", Ct);

        Assert.Equal((true, false), (first.IsNew, second.IsNew));
        Assert.Equal(_store.View().Image("debian").BuildRequestedMs, first.MadeMs);
        Assert.Equal((first.MadeMs, false), (second.MadeMs, second.IsRenewed));
    }

    [Fact]
    public async Task Submit_OfAPausedImage_IsRefused()
    {
        _store.Put(NodepoolPaths.ImagePause("debian"), ReadOnlyMemory<byte>.Empty);

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await _requests.SubmitAsync("debian", Ct));

        Assert.Equal("image debian is paused: nodepool image-unpause debian allows builds again", refused.Message);
        Assert.Null(_store.View().Image("debian").BuildRequestedMs);
    }

    [Theory]
    [InlineData(ImageState.Failed, false, true)]
    [InlineData(ImageState.Failed, true, false)]
    [InlineData(ImageState.Deleting, false, false)]
    public async Task Submit_WhileABuildForItHasFailed_RenewsIt_UnlessOneIsUnderWay(ImageState state, bool isBuilding, bool isRenewed)
    {
        var first = await _requests.SubmitAsync("debian", Ct);
        _store.Put("debian", "b1", new ImageBuildRecord { State = state, StateTime = 1, Run = new BuildRunRecord { RequestMs = first.MadeMs } });
        _store.Put("debian", "b0", new ImageBuildRecord { State = ImageState.Failed, StateTime = 1, Run = new BuildRunRecord { RequestMs = 5 } });
        if (isBuilding)
        {
            _store.Lock(NodepoolPaths.BuildsLock("debian"), "");
        }

        var again = await _requests.SubmitAsync("debian", Ct);

        Assert.Equal((false, isRenewed), (again.IsNew, again.IsRenewed));
        Assert.Equal(again.MadeMs, _store.View().Image("debian").BuildRequestedMs);
    }
}
