using System.Globalization;
using System.Text;
using Nodepool.Core.State;
using Nodepool.State.ZooKeeper.Client;
using Nodepool.Testing.State;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Tests.State.ZooKeeper;

/// <summary>What the contract suite does not ask: lost connections, and how many requests things cost.</summary>
public sealed class ZooKeeperEngineTests : IAsyncLifetime
{
    private readonly EngineSetup _setup = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FakeZooKeeper Server => _setup.Server;

    public async ValueTask InitializeAsync() => await _setup.OpenAsync();

    public ValueTask DisposeAsync() => _setup.DisposeAsync();

    [Theory]
    [InlineData(FakeAnswer.CloseBefore)]
    [InlineData(FakeAnswer.CloseAfter)]
    public async Task Commit_WhoseAnswerIsLost_IsUnknownAndARereadTells(FakeAnswer answer)
    {
        await _setup.CommitAsync(EngineSetup.Create("/a"));
        Answer(OpCode.SetData, answer);

        var failure = await Assert.ThrowsAsync<StateException>(() => _setup.CommitAsync(new Write.Set("/a", default, 0)));

        Assert.Equal((StateFault.OutcomeUnknown, "/a"), (failure.Fault, failure.Path));
        Assert.Equal(answer == FakeAnswer.CloseAfter ? 1 : 0, (await _setup.Engine.GetAsync("/a", Ct))!.Version);
    }

    [Theory]
    [InlineData(FakeAnswer.CloseBefore)]
    [InlineData(FakeAnswer.CloseAfter)]
    public async Task Lock_WhoseAnswerIsLost_IsFoundAgain(FakeAnswer answer)
    {
        await _setup.CommitAsync(EngineSetup.Create("/l"));
        Answer(OpCode.Create2, answer);

        await using var lease = await _setup.Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);

        Assert.NotNull(lease);
        Assert.Single(await _setup.Engine.ListAsync("/l", Ct));
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Watch_AfterALostConnection_ShowsWhatHappenedMeanwhile()
    {
        var probe = _setup.Watch("/w");
        await _setup.SettleAsync(probe, EngineSetup.Create("/w/gone"), EngineSetup.Create("/w/kept"));

        Server.Called = _ => Server.Apply(
            new Operation.Delete("/w/gone", -1), new Operation.SetData("/w/kept", Encoding.UTF8.GetBytes("new"), 0), Make("/w/made"));
        Server.Sever();

        await probe.UntilAsync(seen => seen.ContainsKey("/w/made"));
        Assert.Equal(["/w", "/w/kept", "/w/made"], probe.Picture.Keys);
        Assert.Equal("new", probe.Picture["/w/kept"]);
        Assert.Equal(2, probe.Batches.Count(batch => batch.IsResync));
    }

    [Fact]
    public async Task Lease_DeletedWhileThereWasNoConnection_IsLost()
    {
        await using var lost = await _setup.Engine.TryLockAsync("/l/1", LockOptions.Immediate, Ct);
        await using var kept = await _setup.Engine.TryLockAsync("/l/2", LockOptions.Immediate, Ct);
        Server.Called = _ => Server.Apply(new Operation.Delete(lost!.Path, -1));

        Server.Sever();

        await CancelledAsync(lost!.Lost);
        Assert.False(kept!.Lost.IsCancellationRequested);
        Assert.False(_setup.Engine.SessionEnded.IsCancellationRequested);
    }

    [Fact]
    public async Task Release_WithoutAnAnswer_IsDoneOverTheNextConnection()
    {
        var lease = await _setup.Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        Answer(OpCode.Delete, FakeAnswer.CloseBefore);

        await lease!.DisposeAsync();

        var probe = _setup.Watch("/l");
        await probe.UntilAsync(seen => !seen.ContainsKey(lease.Path));
    }

    [Fact]
    public async Task Session_ThatExpires_EndsEverythingInItsName()
    {
        var lease = await _setup.Engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        var probe = _setup.Watch("/w");

        Server.Expire(_setup.Engine.Client.Ticket.Id);

        await CancelledAsync(_setup.Engine.SessionEnded);
        await CancelledAsync(lease!.Lost);
        await probe.Ended.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        Assert.Equal(StateFault.SessionEnded, (await Assert.ThrowsAsync<StateException>(() => _setup.CommitAsync(EngineSetup.Create("/a")))).Fault);
        Assert.Null(Server.Find(lease.Path));
    }

    [Fact]
    public async Task OwnCommits_OfWatchedEntries_CostOneRequestEach()
    {
        var probe = _setup.Watch("/w");
        await _setup.SettleAsync(probe, EngineSetup.Create("/w/a"), EngineSetup.Create("/w/b"));
        var before = _setup.Engine.RequestsSent;

        await _setup.SettleAsync(probe, new Write.Set("/w/a", default, 0));
        await _setup.SettleAsync(probe, EngineSetup.Create("/w/c"));
        await _setup.SettleAsync(probe, new Write.Set("/w/b", default, 0), EngineSetup.Create("/w/new/", CreateModes.Sequential), new Write.Check("/w/a", 1));
        await _setup.SettleAsync(probe, new Write.Delete("/w/c", 0));

        Assert.Equal(4, _setup.Engine.RequestsSent - before);
        await EqualAsync(probe, "/w/new/0000000000");
    }

    [Fact]
    public async Task OwnCommit_BetweenChangesOfOthers_IsReadAgain()
    {
        var probe = _setup.Watch("/w");
        await _setup.SettleAsync(probe, EngineSetup.Create("/w/a"));
        Server.Script = op =>
        {
            if (op == OpCode.SetData)
            {
                Server.Apply(new Operation.SetData("/w/a", Encoding.UTF8.GetBytes("theirs, before"), -1));
            }

            return FakeAnswer.Right;
        };

        await _setup.SettleAsync(probe, new Write.Set("/w/a", Encoding.UTF8.GetBytes("ours"), -1));

        await EqualAsync(probe, "/w/a");
    }

    [Fact]
    public async Task Burst_OfChangesByOthers_CostsFewReads()
    {
        var probe = _setup.Watch("/w");
        await _setup.SettleAsync(probe, EngineSetup.Create("/w"));
        var before = _setup.Engine.RequestsSent;

        for (var i = 0; i < 2000; i++)
        {
            Server.Apply(Make($"/w/{i:D4}"));
        }

        await probe.UntilAsync(seen => seen.Count == 2001);
        Assert.InRange(_setup.Engine.RequestsSent - before, 1, 500);
    }

    [Fact]
    public async Task Lock_OfANewEntryInAWatchedTree_CostsOneRequestAndItsReleaseAnother()
    {
        var probe = _setup.Watch("/w");
        await _setup.SettleAsync(probe, EngineSetup.Create("/w/node"));
        await _setup.SettleAsync(probe, new Write.Set("/w/node", default, 0));
        var before = Server.Seen.Count;

        var lease = await _setup.Engine.TryLockAsync("/w/node/lock", LockOptions.Immediate, Ct);
        await lease!.DisposeAsync();

        Assert.Equal([OpCode.Multi, OpCode.Delete], Server.Seen.Skip(before));
    }

    [Fact]
    public async Task Lock_OfAnEntryThatWasLockedBefore_CostsOneRequestInAWatchedTree()
    {
        var probe = _setup.Watch("/w");
        await _setup.SettleAsync(probe, EngineSetup.Create("/w/node"));
        await (await _setup.Engine.TryLockAsync("/w/node/lock", LockOptions.Immediate, Ct))!.DisposeAsync();
        var before = Server.Seen.Count;

        await using var lease = await _setup.Engine.TryLockAsync("/w/node/lock", LockOptions.Immediate, Ct);

        Assert.NotNull(lease);
        Assert.Equal([OpCode.Create2], Server.Seen.Skip(before));
        Assert.Null(await _setup.Engine.TryLockAsync("/w/node/lock", LockOptions.Immediate, Ct));
    }

    /// <summary>The server tells no time of entries that are made together with others; the watch knows it all the same.</summary>
    [Fact]
    public async Task OwnEntries_MadeTogether_HaveTheirTimeWithoutBeingRead()
    {
        var probe = _setup.Watch("/w");
        await _setup.SettleAsync(probe, EngineSetup.Create("/w"));
        await _setup.SettleAsync(probe, new Write.Set("/w", default, 0));
        var before = Server.Seen.Count;

        await _setup.SettleAsync(probe, EngineSetup.Create("/w/a"), new Write.Create("/w/b", default, CreateModes.Ephemeral));

        Assert.Equal([OpCode.Multi], Server.Seen.Skip(before));
        foreach (var path in new[] { "/w/a", "/w/b" })
        {
            var read = (await _setup.Engine.GetAsync(path, Ct))!;
            await probe.UntilAsync(seen => seen[path] is var shown
                && shown with { CreatedMs = 0, ModifiedMs = 0, Data = default } == read with { CreatedMs = 0, ModifiedMs = 0, Data = default }
                && Math.Abs(shown.CreatedMs - read.CreatedMs) < 60_000);
        }
    }

    [Fact]
    public async Task Watches_OfOneTree_ShareOneWatchOfTheServer()
    {
        var outer = _setup.Watch("/w");
        var inner = _setup.Watch("/w/deep/er");
        await using var lease = await _setup.Engine.TryLockAsync("/w/l", LockOptions.Immediate, Ct);

        await _setup.SettleAsync(outer, EngineSetup.Create("/w/deep/er/x"));

        await inner.UntilAsync(seen => seen.ContainsKey("/w/deep/er/x"));
        Assert.Single(Server.Seen, OpCode.AddWatch);
    }

    [Fact]
    public async Task Commit_WhoseParentsAreMadeByAnotherMeanwhile_StillApplies()
    {
        var probe = _setup.Watch("/w");
        await _setup.SettleAsync(probe, EngineSetup.Create("/w"));
        var isDone = false;
        Server.Script = op =>
        {
            if (op == OpCode.Multi && !isDone)
            {
                isDone = true;
                Server.Apply(Make("/w/dir"));
            }

            return FakeAnswer.Right;
        };

        var result = await _setup.CommitAsync(EngineSetup.Create("/w/dir/x"), EngineSetup.Create("/w/dir/y"));

        Assert.Equal(["/w/dir/x", "/w/dir/y"], result.Created);
        Assert.Equal(2, Server.Seen.Count(op => op == OpCode.Multi));
    }

    [Fact]
    public async Task Commits_NotAwaited_KeepTheirOrderThoughOneHasToBeSentTwice()
    {
        var first = _setup.CommitAsync(EngineSetup.Create("/new/deep/a"));
        var second = _setup.CommitAsync(new Write.Set("/new/deep/a", default, 0));
        var third = _setup.CommitAsync(new Write.Delete("/new/deep/a", 1));

        await Task.WhenAll(first, second, third).WaitAsync(TimeSpan.FromSeconds(60), Ct);

        Assert.Null(Server.Find("/new/deep/a"));
        Assert.NotNull(Server.Find("/new/deep"));
    }

    /// <summary>Connections are lost all the time while this and another client write: the watch ends with the picture of the server.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Watch_OverManyLostConnections_EndsWithThePictureOfTheServer(int seed)
    {
        var random = new Random(seed);
        var probe = _setup.Watch("/w");
        for (var i = 0; i < 300; i++)
        {
            var path = $"/w/{random.Next(4)}/{random.Next(4)}";
            switch (random.Next(6))
            {
                case 0:
                    Server.Sever();
                    break;
                case 1:
                    Server.Apply(Make(path));
                    break;
                case 2:
                    Server.Apply(new Operation.Delete(path, -1));
                    break;
                case 3:
                    Server.Apply(new Operation.SetData(path, Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)), -1));
                    break;
                default:
                    await TryAsync(random.Next(2) == 0 ? EngineSetup.Create(path) : new Write.Delete(path, -1));
                    break;
            }
        }

        await LastAsync(probe);
        foreach (var (path, data) in probe.Picture)
        {
            Assert.Equal(Server.Find(path) is { } node ? Encoding.UTF8.GetString(node.Data) : null, data);
        }

        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(Server.Find($"/w/{i / 4}/{i % 4}") is not null, probe.Picture.ContainsKey($"/w/{i / 4}/{i % 4}"));
        }
    }

    private static Operation.Create Make(string path) => new(path, Encoding.UTF8.GetBytes("theirs"), CreateMode.Persistent);

    private static async Task CancelledAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);
    }

    /// <summary>What the watch says of an entry is what the server has.</summary>
    private async Task EqualAsync(WatchProbe probe, string path)
    {
        var entry = await _setup.Engine.GetAsync(path, Ct);
        await probe.UntilAsync(seen => seen.ContainsKey(path) && Equal(seen[path], entry!));
    }

    private static bool Equal(Entry one, Entry other) =>
        one.Data.Span.SequenceEqual(other.Data.Span) && one with { Data = default } == other with { Data = default };

    private async Task TryAsync(Write write)
    {
        try
        {
            await _setup.CommitAsync(write);
        }
        catch (StateException e) when (e.IsConflict || e.Fault == StateFault.OutcomeUnknown)
        {
            // Part of the game.
        }
    }

    /// <summary>Waits until the watch has caught up.</summary>
    private async Task LastAsync(WatchProbe probe)
    {
        while (true)
        {
            try
            {
                await _setup.SettleAsync(probe, EngineSetup.Create("/end/", CreateModes.Sequential));
                return;
            }
            catch (StateException e) when (e.Fault == StateFault.OutcomeUnknown)
            {
                // The last connection was lost just now.
            }
        }
    }

    /// <summary>The next request of this kind gets this answer.</summary>
    private void Answer(OpCode op, FakeAnswer answer)
    {
        var isDone = false;
        Server.Script = asked =>
        {
            var isIt = asked == op && !isDone;
            isDone |= isIt;
            return isIt ? answer : FakeAnswer.Right;
        };
    }
}
