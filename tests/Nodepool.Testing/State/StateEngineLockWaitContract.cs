using System.Globalization;
using Nodepool.Core.State;
using Xunit;

namespace Nodepool.Testing.State;

/// <summary>Waiting for a lock that another contender holds.</summary>
/// <typeparam name="TStore">The store of the engine under test.</typeparam>
public abstract class StateEngineLockWaitContract<TStore> : StateEngineContract<TStore>
    where TStore : IStateStore, new()
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(7003);
    private static readonly LockOptions Patient = new("waits", Patience);
    private static readonly LockOptions Forever = new("waits", Timeout.InfiniteTimeSpan);

    [Fact]
    public async Task Waiter_WhenTheHolderReleases_GetsTheLock()
    {
        var other = await OpenAsync();
        var holder = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        var waiting = other.TryLockAsync("/l", Forever, Ct).AsTask();
        await WaitersAsync("/l", 1);
        var written = await CommitAsync(Create("/work"));
        Assert.False(waiting.IsCompleted);

        await holder!.DisposeAsync();

        await using var lease = await Within(waiting);
        Assert.Equal([lease!.Path], (await NamesAsync("/l")).Select(name => "/l/" + name));
        Assert.True(lease.Position > written.Position);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Waiters_Many_AreServedInTheOrderOfTheirCalls()
    {
        var holder = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        var served = new List<int>();
        var waiters = new List<Task>();
        for (var i = 0; i < 4; i++)
        {
            waiters.Add(ServeAsync(await OpenAsync(), i));
            await WaitersAsync("/l", i + 1);
        }

        await holder!.DisposeAsync();

        await Within(Task.WhenAll(waiters));
        Assert.Equal([0, 1, 2, 3], served);
        Assert.Empty(await NamesAsync("/l"));

        async Task ServeAsync(IStateEngine session, int number)
        {
            await using var lease = await session.TryLockAsync("/l", Forever, Ct);
            served.Add(number);
        }
    }

    [Fact]
    public async Task Waiter_WhoseTimeIsUp_GetsNothingAndLeavesNothing()
    {
        var other = await OpenAsync();
        await using var holder = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        var waiting = other.TryLockAsync("/l", Patient, Ct).AsTask();
        await Within(Time.TimerArmedAsync(Patience));
        Time.Advance(Patience - TimeSpan.FromMilliseconds(1));
        await WaitersAsync("/l", 1);
        Assert.False(waiting.IsCompleted);

        Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await Within(waiting));
        Assert.Equal([holder!.Path], (await NamesAsync("/l")).Select(name => "/l/" + name));
    }

    [Fact]
    public async Task Waiter_ThatIsCancelled_LeavesNothing()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var other = await OpenAsync();
        await using var holder = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        var waiting = other.TryLockAsync("/l", Forever, cancel.Token).AsTask();
        await WaitersAsync("/l", 1);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within(waiting));
        Assert.Single(await NamesAsync("/l"));
    }

    [Fact]
    public async Task Waiter_WhenTheHolderIsKilled_GetsTheLock()
    {
        var holder = await OpenAsync();
        await holder.TryLockAsync("/l", LockOptions.Immediate, Ct);
        var waiting = Engine.TryLockAsync("/l", Forever, Ct).AsTask();
        await WaitersAsync("/l", 1);

        await Store.KillSessionAsync(holder);

        await using var lease = await Within(waiting);
        Assert.NotNull(lease);
    }

    [Fact]
    public async Task Waiter_WhoseSessionEnds_IsTold()
    {
        var other = await OpenAsync();
        await using var holder = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        var waiting = other.TryLockAsync("/l", Forever, Ct).AsTask();
        await WaitersAsync("/l", 1);

        await other.DisposeAsync();

        Assert.Equal(StateFault.SessionEnded, (await Assert.ThrowsAsync<StateException>(() => Within(waiting))).Fault);
        Assert.Single(await NamesAsync("/l"));
    }

    [Fact]
    public async Task Waiter_WhoseEntryIsDeleted_GetsNothing()
    {
        var other = await OpenAsync();
        await using var holder = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        var waiting = other.TryLockAsync("/l", Forever, Ct).AsTask();
        await WaitersAsync("/l", 1);
        var theirs = (await NamesAsync("/l")).Select(name => "/l/" + name).Single(path => path != holder!.Path);

        await CommitAsync(Delete(theirs));

        Assert.Null(await Within(waiting));
    }

    [Fact]
    public async Task Waiter_BehindAPeersContender_WaitsForIt()
    {
        var theirs = await CommitAsync(Sequential("/l/ffffffffffffffffffffffffffffffff__lock__", CreateModes.Ephemeral), Create("/l/noise"));
        var other = await OpenAsync();
        var waiting = other.TryLockAsync("/l", Forever, Ct).AsTask();
        await WaitersAsync("/l", 2);

        await CommitAsync(Delete("/l/noise"));
        Assert.False(waiting.IsCompleted);
        await CommitAsync(Delete(theirs.Created[0]));

        await using var lease = await Within(waiting);
        Assert.NotNull(lease);
    }

    [Fact]
    public async Task Lock_ThatIsFree_IsTakenWithoutWaiting()
    {
        await using var lease = await Within(Engine.TryLockAsync("/l", Patient, Ct).AsTask());

        Assert.NotNull(lease);
    }

    [Fact]
    public async Task Holders_OfManySessions_ExcludeEachOther()
    {
        IStateEngine[] sessions = [Engine, await OpenAsync(), await OpenAsync(), await OpenAsync()];
        await CommitAsync(Create("/sum", "0"));
        var inside = 0;

        await Within(Task.WhenAll(sessions.Select(session => WorkAsync(session))));

        Assert.Equal("40", await ReadAsync("/sum"));

        async Task WorkAsync(IStateEngine session)
        {
            for (var i = 0; i < 10; i++)
            {
                await using var lease = await session.TryLockAsync("/l", Forever, Ct);
                Assert.Equal(1, Interlocked.Increment(ref inside));
                var sum = int.Parse((await session.GetAsync("/sum", Ct))!.Data.Span, CultureInfo.InvariantCulture);
                await session.CommitAsync([Check(lease!.Path), Set("/sum", (sum + 1).ToString(CultureInfo.InvariantCulture))], Ct);
                Interlocked.Decrement(ref inside);
            }
        }
    }

    /// <summary>Waits until so many contenders stand behind the first.</summary>
    private async Task WaitersAsync(string directory, int waiters)
    {
        await using var probe = Watch(Engine, directory);
        await probe.UntilAsync(seen => seen.Count == waiters + 2);
    }
}
