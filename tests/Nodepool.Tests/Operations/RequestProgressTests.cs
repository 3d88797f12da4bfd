using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Tests.Cli;

namespace Nodepool.Tests.Operations;

public sealed class RequestProgressTests
{
    private const string Id = "200-0000000005";
    private readonly TestStore _store = new();

    [Fact]
    public void Of_NoRequest_IsGone() => Assert.Equal(new RequestProgress(RequestOutcome.Gone, "was deleted by somebody"), Of());

    [Fact]
    public void Of_ARecordThatNobodyUnderstands_Waits()
    {
        _store.Put(NodepoolPaths.Request(Id), "{"u8.ToArray());

        Assert.Equal(new RequestProgress(RequestOutcome.Waiting, "has a record that cannot be understood"), Of());
    }

    [Fact]
    public void Of_ALabelThatNoLivePoolServes_NamesIt()
    {
        Put(RequestState.Requested, "a", "b");
        PutPool("h0000000001", "a");

        Assert.Equal("waits for a pool that serves b: none is running", Of().Text);
    }

    [Fact]
    public void Of_ARequestBehindOthers_CountsThem()
    {
        Put(RequestState.Requested, "a");
        PutPool("h0000000001", "a");
        _store.Put("100-0000000006", new NodeRequestRecord { State = RequestState.Pending, StateTime = 1, NodeTypes = ["a"] });
        _store.Put("300-0000000001", new NodeRequestRecord { State = RequestState.Requested, StateTime = 1, NodeTypes = ["a"] });

        Assert.Equal("waits behind 1 other request", Of().Text);
    }

    [Fact]
    public void Of_ADeclinedRequest_NamesThePoolsThatDeclined()
    {
        PutPool("h0000000001", "a");
        _store.Put(Id, new NodeRequestRecord { State = RequestState.Requested, StateTime = 1, NodeTypes = ["a"], DeclinedBy = ["id-h0000000001", "old"] });

        Assert.Equal("waits for a pool to take it; declined so far by p/h0000000001, a pool that has ended", Of().Text);
    }

    [Fact]
    public void Of_APendingRequest_SaysWhatEachMissingNodeDoes()
    {
        Put(RequestState.Pending, "a", "a", "a", "a");
        _store.Put("0000000001", new NodeRecord { State = NodeState.Ready, StateTime = 1, AllocatedTo = Id });
        _store.Put("0000000002", new NodeRecord { State = NodeState.Building, StateTime = 1, AllocatedTo = Id, Launch = new LaunchRecord { Token = "t", Stage = "boot" } });

        Assert.Equal("1 of 4 ready: node 0000000002 building, being made (boot); 2 nodes wait for room in the pool", Of().Text);
    }

    [Fact]
    public void Of_AFulfilledRequest_NamesItsNodes()
    {
        _store.Put(Id, new NodeRequestRecord { State = RequestState.Fulfilled, StateTime = 1, NodeTypes = ["a", "a"], Nodes = ["0000000002", "0000000001"] });

        Assert.Equal(new RequestProgress(RequestOutcome.Fulfilled, "has got nodes 0000000002, 0000000001"), Of());
    }

    [Theory]
    [InlineData(null, null, "waits for image i, which is not built yet")]
    [InlineData(ImageState.Building, null, "waits for image i, which is being built")]
    [InlineData(ImageState.Failed, null, "waits for image i, whose last build failed: no space")]
    [InlineData(ImageState.Ready, null, "waits for the upload of image i")]
    [InlineData(ImageState.Ready, ImageState.Uploading, "waits for image i, which is being uploaded")]
    [InlineData(ImageState.Ready, ImageState.Ready, "waits for a pool to take it")]
    public void Of_ALabelWhoseImageIsMissing_SaysHowFarTheImageIs(ImageState? build, ImageState? upload, string expected)
    {
        Put(RequestState.Requested, "a");
        PutPool("h0000000001", "a");
        if (build is { } built)
        {
            _store.Put("i", "b1", new ImageBuildRecord { State = built, StateTime = 1, Failure = built == ImageState.Failed ? "no space" : null });
        }

        if (upload is { } uploaded)
        {
            _store.Put("i", "b1", "p", "0000000000", new ImageUploadRecord { State = uploaded, StateTime = 2 });
        }

        Assert.Equal(expected, Of(Config).Text);
    }

    private static NodepoolConfig Config { get; } = new()
    {
        Providers =
        [
            new ProviderConfig { Name = "p", Driver = "fake", Pools = [new PoolConfig { Name = "main", Labels = [new PoolLabelConfig { Name = "a", DiskImage = "i" }] }] },
        ],
    };

    private RequestProgress Of(NodepoolConfig? config = null) => RequestProgress.Of(_store.View(), config, Id);

    private void Put(RequestState state, params string[] labels) => _store.Put(Id, new NodeRequestRecord { State = state, StateTime = 1, NodeTypes = [.. labels] });

    private void PutPool(string name, params string[] labels) => _store.Put(name, new ComponentRecord
    {
        Kind = "pool", Hostname = "h", Id = "id-" + name, ProviderName = "p", Name = name, SupportedLabels = [.. labels],
    });
}
