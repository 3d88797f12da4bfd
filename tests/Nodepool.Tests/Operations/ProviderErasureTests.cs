using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Tests.Cli;

namespace Nodepool.Tests.Operations;

public sealed class ProviderErasureTests
{
    private static readonly NodepoolConfig Config = new()
    {
        Providers = [new ProviderConfig { Name = "gone", Driver = "fake", DiskImages = [new ProviderDiskImageConfig { Name = "debian" }] }],
    };

    private readonly TestStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Erase_LeavesNothingOfTheProviderAndAllOfTheOthers()
    {
        Fill();
        _store.Lock(NodepoolPaths.NodeLock("0000000001"), "somebody");
        _store.Lock(NodepoolPaths.UploadsLock("debian", "b1", "gone"), "somebody");

        var done = await new ProviderErasure(_store.Engine, _store.Sources).EraseAsync(_store.View(), "gone", Ct);

        Assert.Equal(3, done.Uploads);
        Assert.Equal(["0000000001", "0000000002"], done.Nodes);
        Assert.DoesNotContain(_store.Tree.Snapshot("/"), entry => entry.Path.Contains("gone", StringComparison.Ordinal));
        Assert.Equal(["0000000003"], _store.View().Nodes.ById.Keys);
        Assert.Equal(["stays"], _store.View().Image("debian").Uploads.Values.Select(upload => upload.Provider));
        Assert.Equal(["b1", "b2"], _store.View().Image("debian").Builds.Keys.Order());
        Assert.True(ProviderErasure.Plan(_store.View(), null, "gone").IsEmpty);
    }

    [Fact]
    public async Task Erase_NodeChangedMeanwhile_TriesAgain()
    {
        Fill();
        var racing = new RacingEngine(_store.Engine, () => { }, () => { }, () => _store.Put("0000000001", _store.Node("0000000001") with { Comment = "new" }));

        var done = await new ProviderErasure(racing, _store.Sources).EraseAsync(_store.View(), "gone", Ct);

        Assert.Equal(["0000000001", "0000000002"], done.Nodes);
        Assert.Null(_store.Find(NodepoolPaths.Node("0000000001")));
    }

    [Fact]
    public async Task Erase_OfABorrower_GivesBackWhatWasLentToIt()
    {
        var owner = BackingRecord.OwnerOf("slots");
        var lent = new NodeRecord { State = NodeState.InUse, StateTime = 1, Provider = "cloud", Pool = "main", Type = ["big"], Backing = new BackingRecord(owner, "pod", 2, HasFailed: false, 1) };
        _store.Put("0000000001", lent);
        _store.Put("0000000002", lent);
        _store.Put("0000000003", lent with { Backing = lent.Backing! with { Owner = BackingRecord.OwnerOf("others") } });
        _store.Lock(NodepoolPaths.NodeLock("0000000001"), owner);
        _store.Lock(NodepoolPaths.NodeLock("0000000002"), "somebody");
        _store.Lock(NodepoolPaths.NodeLock("0000000003"), BackingRecord.OwnerOf("others"));
        Assert.False(ProviderErasure.Plan(_store.View(), null, "slots").IsEmpty);

        var done = await new ProviderErasure(_store.Engine, _store.Sources).EraseAsync(_store.View(), "slots", Ct);

        Assert.Equal(["0000000001"], done.GivenBack);
        Assert.Equal(NodeState.Used, _store.Node("0000000001").State);
        Assert.False(_store.View().Nodes.ById["0000000001"].IsLocked);
        Assert.Equal(NodeState.InUse, _store.Node("0000000002").State);
        Assert.Equal(NodeState.InUse, _store.Node("0000000003").State);
    }

    [Fact]
    public void Plan_OfAQuietProvider_HasNoObstacle()
    {
        Fill();

        var plan = ProviderErasure.Plan(_store.View(), Config, "gone");

        Assert.Equal((3, 2, 0), (plan.Uploads, plan.Nodes.Count, plan.Obstacles.Count));
    }

    [Fact]
    public void Plan_WithEverythingAtWork_NamesEachObstacle()
    {
        Fill();
        _store.Lock(NodepoolPaths.NodeLock("0000000001"), "somebody");
        _store.Put("0000000002", _store.Node("0000000002") with { State = NodeState.InUse });
        _store.Lock(NodepoolPaths.UploadsLock("debian", "b1", "gone"), "somebody");
        _store.Put("l0000000000", new ComponentRecord { Kind = "pool", Hostname = "l", Id = "l-1", Name = "main", ProviderName = "gone" });
        _store.Put("b0000000000", new ComponentRecord { Kind = "builder", Hostname = "b" });

        Assert.Equal(
            [
                "a launcher on l runs it and would leave what it launches without a record: take it out of the configuration first",
                "the builder on b uploads to it and would begin anew: take it out of the configuration first",
                "in use, held or locked: nodes 0000000001, 0000000002",
                "an upload to it is being made",
            ],
            ProviderErasure.Plan(_store.View(), Config, "gone").Obstacles);
        Assert.DoesNotContain(ProviderErasure.Plan(_store.View(), null, "gone").Obstacles, obstacle => obstacle.Contains("builder", StringComparison.Ordinal));
    }

    private void Fill()
    {
        _store.Put("debian", "b1", new ImageBuildRecord { State = ImageState.Ready, StateTime = 5 });
        _store.Put("debian", "b2", new ImageBuildRecord { State = ImageState.Ready, StateTime = 15 });
        foreach (var (build, provider, id) in new[] { ("b1", "gone", "0000000000"), ("b1", "gone", "0000000001"), ("b2", "gone", "0000000000"), ("b1", "stays", "0000000000") })
        {
            _store.Put("debian", build, provider, id, new ImageUploadRecord { State = ImageState.Ready, StateTime = 10 });
        }

        foreach (var (id, provider) in new[] { ("0000000001", "gone"), ("0000000002", "gone"), ("0000000003", "stays") })
        {
            _store.Put(id, new NodeRecord { State = NodeState.Ready, StateTime = 1, Provider = provider, Pool = "main", Type = ["debian"] });
        }
    }
}
