using Nodepool.Core.State;
using Xunit;

namespace Nodepool.Testing.State;

/// <summary>Sessions and the entries that die with them.</summary>
/// <typeparam name="TStore">The store of the engine under test.</typeparam>
public abstract class StateEngineSessionContract<TStore> : StateEngineContract<TStore>
    where TStore : IStateStore, new()
{
    [Fact]
    public async Task Ephemerals_OfASession_CarryItsId()
    {
        var other = await OpenAsync();
        await CommitAsync(Ephemeral("/e/1"), Sequential("/e/", CreateModes.Ephemeral));
        await other.CommitAsync([Ephemeral("/e/2")], Ct);

        var mine = await Engine.GetAsync("/e/1", Ct);
        var numbered = await Engine.GetAsync("/e/0000000001", Ct);
        var theirs = await Engine.GetAsync("/e/2", Ct);

        Assert.True(mine!.IsEphemeral);
        Assert.Equal(mine.Owner, numbered!.Owner);
        Assert.NotEqual(mine.Owner, theirs!.Owner);
        Assert.NotEqual(0, theirs.Owner);
    }

    [Fact]
    public async Task Ephemeral_AsAParent_IsRefused()
    {
        await CommitAsync(Ephemeral("/e"));

        await FailsAsync(StateFault.NoChildrenAllowed, "/e/child", Create("/e/child"));
        await FailsAsync(StateFault.NoChildrenAllowed, "/e/deep/child", Create("/e/deep/child"));
        await FailsAsync(StateFault.NoChildrenAllowed, "/f/child", Ephemeral("/f"), Create("/f/child"));
    }

    [Fact]
    public async Task Ephemeral_OfALivingSession_CanBeWrittenAndDeletedByAnother()
    {
        var other = await OpenAsync();
        await CommitAsync(Ephemeral("/e"));
        var owner = (await other.GetAsync("/e", Ct))!.Owner;

        await other.CommitAsync([Set("/e", "theirs", 0)], Ct);

        Assert.Equal(owner, (await Engine.GetAsync("/e", Ct))!.Owner);
        await other.CommitAsync([Delete("/e", 1)], Ct);
        Assert.Null(await other.GetAsync("/e", Ct));
    }

    [Fact]
    public async Task Dispose_OfASession_RemovesItsEphemeralsAtOnce()
    {
        var other = await OpenAsync();
        await other.CommitAsync([Ephemeral("/e/mortal"), Create("/e/lasting"), Ephemeral("/f")], Ct);
        var ended = other.SessionEnded;

        await other.DisposeAsync();

        Assert.True(ended.IsCancellationRequested);
        Assert.Equal(["lasting"], await NamesAsync("/e"));
        Assert.Null(await Engine.GetAsync("/f", Ct));
        await other.DisposeAsync();
    }

    [Fact]
    public async Task Calls_AfterTheSessionEnded_AllFailWithIt()
    {
        var other = await OpenAsync();
        await other.DisposeAsync();

        await EndedAsync(async () => await other.GetAsync("/a", Ct));
        await EndedAsync(async () => await other.ListAsync("/a", Ct));
        await EndedAsync(async () => await other.CommitAsync([Create("/a")], Ct));
        await EndedAsync(async () => await other.TryLockAsync("/a", LockOptions.Immediate, Ct));
        await EndedAsync(async () => await other.WatchAsync("/a", Ct).GetAsyncEnumerator(Ct).MoveNextAsync());
        Assert.Null(await Engine.GetAsync("/a", Ct));
    }

    [Fact]
    public async Task Kill_OfASession_RemovesItsEphemeralsSoon()
    {
        var other = await OpenAsync();
        await other.CommitAsync([Ephemeral("/e/1"), Ephemeral("/e/2"), Create("/e/3"), Ephemeral("/f/1")], Ct);
        await using var probe = Watch(Engine, "/");
        await probe.UntilAsync(seen => seen.ContainsKey("/f/1"));

        await Store.KillSessionAsync(other);

        await CancelledAsync(other.SessionEnded);
        await probe.UntilAsync(seen => !seen.ContainsKey("/e/1") && !seen.ContainsKey("/e/2") && !seen.ContainsKey("/f/1"));
        Assert.Equal(["3"], await NamesAsync("/e"));
        await EndedAsync(async () => await other.CommitAsync([Create("/late")], Ct));
    }

    [Fact]
    public async Task Session_ThatEnds_LeavesTheSequenceNumbersAlone()
    {
        var other = await OpenAsync();
        await other.CommitAsync([Sequential("/e/", CreateModes.Ephemeral), Sequential("/e/", CreateModes.Ephemeral)], Ct);

        await other.DisposeAsync();

        Assert.Equal(["/e/0000000002"], (await CommitAsync(Sequential("/e/"))).Created);
    }

    [Fact]
    public async Task Session_WithoutEphemerals_EndsWithoutATrace()
    {
        var other = await OpenAsync();
        await other.CommitAsync([Create("/kept", "x")], Ct);
        await other.DisposeAsync();

        Assert.Equal("x", await ReadAsync("/kept"));
        Assert.False(Engine.SessionEnded.IsCancellationRequested);
    }

    private static async Task EndedAsync(Func<Task> call) =>
        Assert.Equal(StateFault.SessionEnded, (await Assert.ThrowsAsync<StateException>(call)).Fault);
}
