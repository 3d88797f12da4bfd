using Nodepool.Core.State;
using Xunit;

namespace Nodepool.Testing.State;

/// <summary>Locks that are free or not: contenders, leases and their loss.</summary>
/// <typeparam name="TStore">The store of the engine under test.</typeparam>
public abstract class StateEngineLockContract<TStore> : StateEngineContract<TStore>
    where TStore : IStateStore, new()
{
    private const string Kazoo = "/l/0123456789abcdef0123456789abcdef__lock__";

    [Fact]
    public async Task Lock_OfAFreeDirectory_IsAContenderAsKazooMakesIt()
    {
        await using var lease = await Engine.TryLockAsync("/deep/l", new LockOptions("me"), Ct);

        var entry = await Engine.GetAsync(lease!.Path, Ct);
        Assert.Matches("^/deep/l/[0-9a-f]{32}__lock__0000000000$", lease.Path);
        Assert.Equal("me", await ReadAsync(lease.Path));
        Assert.True(entry!.IsEphemeral);
        Assert.True(lease.Position >= entry.CreatedPosition);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Lock_HeldByAnyone_IsNotGivenAgain()
    {
        var other = await OpenAsync();
        await using var lease = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);

        Assert.Null(await other.TryLockAsync("/l", LockOptions.Immediate, Ct));
        Assert.Null(await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct));

        Assert.Single(await NamesAsync("/l"));
    }

    [Fact]
    public async Task Lock_AfterRelease_IsFree()
    {
        var other = await OpenAsync();
        var first = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        var lost = first!.Lost;

        await first.DisposeAsync();

        Assert.True(lost.IsCancellationRequested);
        Assert.Empty(await NamesAsync("/l"));
        await using var second = await other.TryLockAsync("/l", LockOptions.Immediate, Ct);
        Assert.EndsWith("__lock__0000000001", second!.Path, StringComparison.Ordinal);
        await first.DisposeAsync();
        Assert.False(second.Lost.IsCancellationRequested);
        Assert.Single(await NamesAsync("/l"));
    }

    [Fact]
    public async Task Locks_OfDifferentDirectories_AreIndependent()
    {
        await using var one = await Engine.TryLockAsync("/l/1", LockOptions.Immediate, Ct);
        await using var two = await Engine.TryLockAsync("/l/2", LockOptions.Immediate, Ct);

        Assert.NotNull(one);
        Assert.NotNull(two);
    }

    [Fact]
    public async Task Entries_ThatAreNoContenders_DoNotCount()
    {
        await CommitAsync(
            Create("/l/lock-0000000000"), Create("/l/0123__rlock__0000000000"), Create("/l/x__lock__123"), Create("/l/x__lock__000000000a"), Create("/l/zzz"));

        await using var lease = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);

        Assert.NotNull(lease);
    }

    [Fact]
    public async Task Contender_OfAPeer_HoldsTheLock()
    {
        var peer = await OpenAsync();
        var theirs = await peer.CommitAsync([Sequential(Kazoo, CreateModes.Ephemeral)], Ct);

        Assert.Null(await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct));

        await peer.CommitAsync([Delete(theirs.Created[0])], Ct);
        await using var lease = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        Assert.NotNull(lease);
    }

    [Fact]
    public async Task Contender_OfAPeerThatComesLater_DoesNotDisturbTheHolder()
    {
        var peer = await OpenAsync();
        await using var lease = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);

        var theirs = await peer.CommitAsync([Sequential(Kazoo, CreateModes.Ephemeral)], Ct);

        Assert.False(lease!.Lost.IsCancellationRequested);
        Assert.EndsWith("0000000001", theirs.Created[0], StringComparison.Ordinal);
        Assert.Equal(2, (await NamesAsync("/l")).Count);
    }

    [Fact]
    public async Task Lease_WhoseEntryIsDeletedByAnother_IsLostThoughNobodyWatches()
    {
        var other = await OpenAsync();
        var lease = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        var untouched = await Engine.TryLockAsync("/m", LockOptions.Immediate, Ct);

        await other.CommitAsync([Delete(lease!.Path)], Ct);

        await CancelledAsync(lease.Lost);
        await FailsAsync(StateFault.NotFound, lease.Path, Create("/done"), Check(lease.Path));
        Assert.Null(await Engine.GetAsync("/done", Ct));
        Assert.False(untouched!.Lost.IsCancellationRequested);
        await lease.DisposeAsync();
    }

    [Fact]
    public async Task Leases_OfASessionThatIsKilled_AreLost()
    {
        var other = await OpenAsync();
        var lease = await other.TryLockAsync("/l", LockOptions.Immediate, Ct);

        await Store.KillSessionAsync(other);

        await CancelledAsync(lease!.Lost);
        await lease.DisposeAsync();
        await GoneAsync(Engine, lease.Path);
        await using var mine = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        Assert.NotNull(mine);
    }

    [Fact]
    public async Task Leases_OfASessionThatIsDisposed_AreLostAndFreeAtOnce()
    {
        var other = await OpenAsync();
        var lease = await other.TryLockAsync("/l", LockOptions.Immediate, Ct);

        await other.DisposeAsync();

        Assert.True(lease!.Lost.IsCancellationRequested);
        await lease.DisposeAsync();
        await using var mine = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        Assert.NotNull(mine);
    }

    [Fact]
    public async Task Release_ByACommit_NeedsNoOther()
    {
        var lease = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        await CommitAsync(Create("/work", "done"), Delete(lease!.Path));

        lease.Released();
        await lease.DisposeAsync();

        Assert.True(lease.Lost.IsCancellationRequested);
        await using var next = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task Directory_DeletedByTheHolder_GoesInOneCommit()
    {
        var lease = await Engine.TryLockAsync("/node/lock", LockOptions.Immediate, Ct);

        await CommitAsync(Delete(lease!.Path), Delete("/node/lock"), Delete("/node"));
        lease.Released();
        await lease.DisposeAsync();

        Assert.Null(await Engine.GetAsync("/node", Ct));
    }

    [Fact]
    public async Task Lock_ThatSurvivesItsSession_StaysUntilItsEntryIsDeleted()
    {
        var other = await OpenAsync();
        var lease = await other.TryLockAsync("/l", new LockOptions("backing", SurvivesSession: true), Ct);

        await other.DisposeAsync();

        Assert.True(lease!.Lost.IsCancellationRequested);
        Assert.Equal(0, (await Engine.GetAsync(lease.Path, Ct))!.Owner);
        Assert.Null(await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct));
        await CommitAsync(Delete(lease.Path));
        await using var mine = await Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        Assert.NotNull(mine);
    }

    [Fact]
    public async Task Lock_ThatSurvivesItsSession_CanBeReleased()
    {
        var lease = await Engine.TryLockAsync("/l", new LockOptions(SurvivesSession: true), Ct);

        await lease!.DisposeAsync();

        Assert.Empty(await NamesAsync("/l"));
    }

    [Fact]
    public async Task Leases_ByTheThousand_AreAllWatched()
    {
        var other = await OpenAsync();
        var leases = await Within(Task.WhenAll(
            Enumerable.Range(0, 1000).Select(i => Engine.TryLockAsync($"/l/{i}", LockOptions.Immediate, Ct).AsTask())));

        await other.CommitAsync([Delete(leases[17]!.Path), Delete(leases[983]!.Path)], Ct);

        await CancelledAsync(leases[17]!.Lost);
        await CancelledAsync(leases[983]!.Lost);
        Assert.Equal(998, leases.Count(lease => !lease!.Lost.IsCancellationRequested));
    }
}
