using Nodepool.Core;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.State.Memory;
using Nodepool.Testing.Simulation;

namespace Nodepool.Tests.Reconciling;

public sealed class FencedCommitsTests : IAsyncDisposable
{
    private const string Path = "/nodepool/nodes/0000000001";

    private readonly YieldingEngine _engine;
    private readonly ClusterFeed _feed;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IReadOnlyList<Write>> _applied = [];
    private readonly Task _following;

    public FencedCommitsTests()
    {
        _engine = new YieldingEngine(new MemoryTree(TimeProvider.System).Open(SystemSources.Create())) { Applied = _applied.Add };
        _feed = new ClusterFeed(_engine, TimeProvider.System);
        _following = _feed.RunAsync(_stop.Token);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _engine.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task View_AfterACommit_HoldsIt()
    {
        var commits = new FencedCommits(_engine, _feed, await LeaseAsync());

        await commits.CommitAsync([Node()], Ct);

        Assert.Single((await commits.ViewAsync(Ct)).Nodes.ById);
        Assert.Single(_applied);
    }

    [Fact]
    public async Task View_AfterALostAnswer_AsksTheStoreOnce()
    {
        var commits = new FencedCommits(_engine, _feed, await LeaseAsync());
        _engine.Applied = _ => throw new StateException(StateFault.OutcomeUnknown, Path, "the connection went away");
        await Assert.ThrowsAsync<StateException>(async () => await commits.CommitAsync([Node()], Ct));
        _engine.Applied = _applied.Add;

        Assert.Single((await commits.ViewAsync(Ct)).Nodes.ById);
        Assert.Equal(commits.Fence, Assert.Single(Assert.Single(_applied)));

        await commits.ViewAsync(Ct);
        Assert.Single(_applied);
    }

    [Fact]
    public async Task View_AfterTwoLostAnswers_AsksUntilItKnows()
    {
        var commits = new FencedCommits(_engine, _feed, await LeaseAsync());
        _engine.Applied = _ => throw new StateException(StateFault.OutcomeUnknown, Path, "the connection went away");
        await Assert.ThrowsAsync<StateException>(async () => await commits.CommitAsync([Node()], Ct));
        await Assert.ThrowsAsync<StateException>(async () => await commits.ViewAsync(Ct));
        _engine.Applied = _applied.Add;

        Assert.Single((await commits.ViewAsync(Ct)).Nodes.ById);
        Assert.Single(_applied);
    }

    [Fact]
    public async Task NewestView_HoldsWhatOthersCommitted()
    {
        var commits = new FencedCommits(_engine, _feed, await LeaseAsync());
        await _engine.CommitAsync([Node()], Ct);

        Assert.Single((await commits.NewestViewAsync(Ct)).Nodes.ById);
    }

    [Fact]
    public async Task Try_WhenSomebodyWasQuicker_SaysSo()
    {
        var commits = new FencedCommits(_engine, _feed, await LeaseAsync());

        Assert.True(await commits.TryAsync([Node()], Ct));
        Assert.False(await commits.TryAsync([Node()], Ct));
    }

    [Fact]
    public async Task Try_WhenTheLeaseIsGone_Fails()
    {
        var lease = await LeaseAsync();
        var commits = new FencedCommits(_engine, _feed, lease);
        await _engine.CommitAsync([new Write.Delete(lease.Path, Write.AnyVersion)], Ct);

        var e = await Assert.ThrowsAsync<StateException>(async () => await commits.TryAsync([Node()], Ct));

        Assert.Equal(lease.Path, e.Path);
        Assert.Null(await _engine.GetAsync(Path, Ct));
    }

    private static Write.Create Node() => new(Path, "{}"u8.ToArray(), CreateModes.Persistent);

    private async Task<ILease> LeaseAsync() => (await _engine.TryLockAsync("/nodepool/duties/x", new LockOptions("me"), Ct))!;
}
