using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Operations;
using Nodepool.Core.Providers;
using Nodepool.Core.View;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Tests.Cli;
using Nodepool.Tests.Providers.Fake;

namespace Nodepool.Tests.Operations;

public sealed class NodeRemovalTests : IAsyncLifetime
{
    private const string Id = "0000000007";

    private readonly PendingTime _time = new();
    private readonly TestStore _store;
    private readonly List<string> _told = [];
    private readonly CancellationTokenSource _end = new();
    private readonly ClusterFeed _feed;
    private readonly FakeCloud _cloud;
    private readonly Task _following;

    public NodeRemovalTests()
    {
        _store = new TestStore(_time);
        _cloud = new FakeCloud(_store.Sources);
        _feed = new ClusterFeed(_store.Engine, _store.Time);
        _following = _feed.RunAsync(_end.Token);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _following.ContinueWith(_ => { }, TaskScheduler.Default);
        _end.Dispose();
    }

    [Fact]
    public async Task Remove_WithoutALauncher_EndsWhenTheCloudSaysGone()
    {
        var server = await PutAsync();
        _cloud.Behaviour.DeleteLatency = TimeSpan.FromSeconds(20);

        var removal = RunAsync(Ct);
        await PassAsync(TimeSpan.FromSeconds(10), removal);
        Assert.Equal((NodeState.Deleting, 1), (_store.Node(Id).State, _store.Contenders(Id).Count));
        await FinishAsync(removal);

        Assert.Null(_store.Find(NodepoolPaths.Node(Id)));
        Assert.DoesNotContain(_cloud.Truth.Servers, one => one.Id == server);
        Assert.Equal([$"node {Id}: it is being deleted at provider cloud"], _told);
    }

    [Fact]
    public async Task Remove_WithALiveLauncher_LeavesItToThat()
    {
        await PutAsync();
        PutLauncher();

        var removal = RunAsync(Ct);
        await PassAsync(TimeSpan.FromSeconds(5), removal);
        Assert.Empty(_store.Contenders(Id));
        _store.Delete(NodepoolPaths.Node(Id));
        await FinishAsync(removal);

        Assert.Equal([$"node {Id}: the launcher on l deletes it"], _told);
        Assert.Single(_cloud.Truth.Servers);
    }

    [Fact]
    public async Task Remove_LauncherDoesNothing_TakesOver()
    {
        await PutAsync();
        PutLauncher();

        await FinishAsync(RunAsync(Ct));

        Assert.Null(_store.Find(NodepoolPaths.Node(Id)));
        Assert.Empty(_cloud.Truth.Servers);
    }

    [Fact]
    public async Task Remove_LauncherIsToDeleteNothing_DoesNotWaitForIt()
    {
        await PutAsync();
        PutLauncher();
        _store.Put("l0000000001", new ComponentRecord { Kind = "launcher", Hostname = "l", SwitchedOff = ["deletes"] });

        await FinishAsync(RunAsync(Ct));

        Assert.Equal(TestStore.Now, _store.Sources.UnixNow);
        Assert.Empty(_cloud.Truth.Servers);
    }

    [Fact]
    public async Task Remove_LockedByALauncherThatDies_GoesOnInItsPlace()
    {
        await PutAsync();
        PutLauncher();
        var contender = _store.Lock(NodepoolPaths.NodeLock(Id), "launcher l");

        var removal = RunAsync(Ct);
        await PassAsync(TimeSpan.FromMinutes(1), removal);
        Assert.Equal([$"node {Id}: 'launcher l' works on it"], _told);
        _store.Delete(contender);
        _store.Delete(NodepoolPaths.Components + "/pool/l0000000000");
        await FinishAsync(removal);

        Assert.Null(_store.Find(NodepoolPaths.Node(Id)));
        Assert.Empty(_cloud.Truth.Servers);
    }

    [Fact]
    public async Task Remove_Interrupted_LeavesTheMarkAndNoLock()
    {
        await PutAsync();
        _cloud.Behaviour.DeleteLatency = TimeSpan.FromMinutes(1);
        using var interrupt = new CancellationTokenSource();

        var removal = RunAsync(interrupt.Token);
        await PassAsync(TimeSpan.FromSeconds(5), removal);
        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => removal);
        Assert.Equal((NodeState.Deleting, 0), (_store.Node(Id).State, _store.Contenders(Id).Count));
    }

    [Fact]
    public async Task Remove_CloudDown_TellsEachTryAndEndsWithoutALock()
    {
        await PutAsync();
        _cloud.Behaviour.Decide = (operation, _) => operation == FakeOperation.Delete ? new FakeFate { Fault = ProviderFault.Unavailable } : null;

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => FinishAsync(RunAsync(Ct)));

        Assert.Equal($"node {Id} is still there after 10 minutes; it stays marked: see what the provider says, then try again", refused.Message);
        Assert.Contains($"node {Id}: 'Delete' fails; the fake cloud was told to answer Unavailable (Unavailable; next try in 1 s)", _told);
        Assert.Equal((NodeState.Deleting, 0), (_store.Node(Id).State, _store.Contenders(Id).Count));
    }

    [Fact]
    public async Task Remove_ProviderCannotBeOpened_LeavesNoLock()
    {
        await PutAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => new NodeRemoval(_store.Engine, _feed, _store.Sources, new("me", "here"), _told.Add)
            .RunAsync(Id, _ => throw new InvalidOperationException("no such provider"), Ct));

        Assert.Equal((NodeState.Deleting, 0), (_store.Node(Id).State, _store.Contenders(Id).Count));
    }

    [Fact]
    public async Task Remove_OfATombstoneOrOfNothing_NeedsNoProvider()
    {
        _store.Put(Id, new NodeRecord { State = NodeState.Deleted, StateTime = 1 });

        await FinishAsync(RunAsync(Ct));
        await FinishAsync(RunAsync(Ct));

        Assert.Null(_store.Find(NodepoolPaths.Node(Id)));
        Assert.Empty(_told);
    }

    [Fact]
    public async Task Remove_NodeIsHeldMeanwhile_LeavesItAlone()
    {
        await PutAsync();
        _store.Put(Id, _store.Node(Id) with { State = NodeState.Hold });

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => FinishAsync(RunAsync(Ct)));

        Assert.Equal($"node {Id} is hold by now: somebody has changed it; it is left alone", refused.Message);
        Assert.Single(_cloud.Truth.Servers);
    }

    private Task RunAsync(CancellationToken ct) =>
        new NodeRemoval(_store.Engine, _feed, _store.Sources, new("me", "here"), _told.Add).RunAsync(Id, _ => new Nodepool.Providers.Fake.FakeProvider(FakeWorld.Config, _cloud), ct);

    private async Task<string> PutAsync()
    {
        var server = await _cloud.CreateAsync(new("np-7", new([]), Core.Quota.Of((Core.Quota.Instances, 1))), Ct);
        _store.Put(Id, new NodeRecord
        {
            State = NodeState.Deleting,
            StateTime = 1,
            Provider = "cloud",
            Pool = "main",
            ExternalId = RawJson.FromText(server.Id),
            Launch = new LaunchRecord { Token = "np-7", Deadline = 5 },
        });
        return server.Id;
    }

    private void PutLauncher() => _store.Put("l0000000000", new ComponentRecord { Kind = "pool", Hostname = "l", Id = "l-1", Name = "main", ProviderName = "cloud" });

    private Task PassAsync(TimeSpan time, Task during) => _time.PassAsync(during, time);

    private async Task FinishAsync(Task task)
    {
        await _time.PassAsync(task, TimeSpan.FromHours(1));
        await task;
    }
}
