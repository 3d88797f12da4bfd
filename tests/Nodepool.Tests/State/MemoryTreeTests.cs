using System.Text;
using Microsoft.Extensions.Time.Testing;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Memory;

namespace Nodepool.Tests.State;

public sealed class MemoryTreeTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddSeconds(1000));
    private readonly MemoryTree _tree;
    private readonly Sources _sources;

    public MemoryTreeTests()
    {
        _tree = new MemoryTree(_time);
        _sources = SystemSources.Create() with { Time = _time };
    }

    [Fact]
    public void Members_OnAnyState_CompleteBeforeTheyReturn()
    {
        var engine = _tree.Open(_sources);

        Assert.True(engine.CommitAsync([Create("/a/b", "x")], Ct).AsTask().IsCompletedSuccessfully);
        Assert.True(engine.GetAsync("/a/b", Ct).AsTask().IsCompletedSuccessfully);
        Assert.True(engine.ListAsync("/a", Ct).AsTask().IsCompletedSuccessfully);
        Assert.True(engine.TryLockAsync("/a/b/lock", LockOptions.Immediate, Ct).AsTask().IsCompletedSuccessfully);
        Assert.True(_tree.Open(_sources).TryLockAsync("/a/b/lock", LockOptions.Immediate, Ct).AsTask().IsCompletedSuccessfully);
        Assert.True(engine.DisposeAsync().AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Expire_OfASession_RemovesItsEphemeralsInOnePosition()
    {
        var doomed = _tree.Open(_sources);
        var other = _tree.Open(_sources);
        await doomed.CommitAsync([Create("/e/1", "", CreateModes.Ephemeral), Create("/e/2", "", CreateModes.Ephemeral), Create("/e/3", "")], Ct);
        var lease = await doomed.TryLockAsync("/lock", LockOptions.Immediate, Ct);
        var before = _tree.Position;

        _tree.Expire(doomed.SessionId);

        Assert.Equal(before + 1, _tree.Position);
        Assert.Equal(["3"], await other.ListAsync("/e", Ct));
        Assert.Empty(await other.ListAsync("/lock", Ct));
        Assert.True(doomed.SessionEnded.IsCancellationRequested);
        Assert.True(lease!.Lost.IsCancellationRequested);
        var fault = await Assert.ThrowsAsync<StateException>(async () => await doomed.CommitAsync([Create("/late", "")], Ct));
        Assert.Equal(StateFault.SessionEnded, fault.Fault);
    }

    [Fact]
    public async Task Entries_OfACommit_CarryTheTreesClock()
    {
        await using var engine = _tree.Open(_sources);
        await engine.CommitAsync([Create("/a", "1")], Ct);
        _time.Advance(TimeSpan.FromSeconds(5));
        await engine.CommitAsync([new Write.Set("/a", "2"u8.ToArray(), 0)], Ct);

        var entry = await engine.GetAsync("/a", Ct);

        Assert.Equal(1_000_000, entry!.CreatedMs);
        Assert.Equal(1_005_000, entry.ModifiedMs);
    }

    [Fact]
    public async Task Snapshot_OfASubtree_HoldsParentsBeforeChildren()
    {
        await using var engine = _tree.Open(_sources);
        await engine.CommitAsync([Create("/a/b/c", ""), Create("/a-b", ""), Create("/a/a", "")], Ct);

        Assert.Equal(["/a", "/a/a", "/a/b", "/a/b/c"], _tree.Snapshot("/a").Select(entry => entry.Path));
        Assert.Empty(_tree.Snapshot("/nothing"));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Write.Create Create(string path, string data, CreateModes modes = CreateModes.Persistent) =>
        new(path, Encoding.UTF8.GetBytes(data), modes);
}
