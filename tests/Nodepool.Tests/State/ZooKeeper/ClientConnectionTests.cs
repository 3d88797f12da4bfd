using Nodepool.State.ZooKeeper.Client;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Tests.State.ZooKeeper;

public sealed class ClientConnectionTests : IAsyncDisposable
{
    private readonly ClientSetup _setup = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FakeZooKeeper Server => _setup.Server;

    public ValueTask DisposeAsync() => _setup.DisposeAsync();

    [Theory]
    [InlineData(8, "one:2181: Connection refused")]
    [InlineData(2, "one:2181: no answer")]
    public async Task ServerThatIsNotReached_IsToldOfWithWhatItSaid_NotWithHowTheTimeRanOut(int silentAfter, string expected)
    {
        var connecting = _setup.ConnectAsync(
            "one", options => options with { SessionTimeout = TimeSpan.FromSeconds(10) }, new SilentAfter(_setup.Time, TimeSpan.FromSeconds(silentAfter)));
        await _setup.PassAsync(connecting);

        var failure = await Assert.ThrowsAsync<ZooKeeperException>(() => connecting);

        Assert.EndsWith(expected, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FakeAnswer.CloseBefore, false)]
    [InlineData(FakeAnswer.CloseAfter, true)]
    [InlineData(FakeAnswer.Truncated, true)]
    [InlineData(FakeAnswer.WrongXid, true)]
    [InlineData(FakeAnswer.Garbage, true)]
    [InlineData(FakeAnswer.Endless, true)]
    public async Task Write_WhoseAnswerIsLost_IsUnknownAndNotRepeated(FakeAnswer answer, bool isApplied)
    {
        await _setup.ConnectAsync();
        Script(OpCode.Create2, answer);

        var failure = await Assert.ThrowsAsync<ZooKeeperException>(() => _setup.CreateAsync("/a"));

        Assert.True(failure.IsOutcomeUnknown);
        await _setup.HearAsync("reconnected");
        Assert.Equal(isApplied, await _setup.ExistsAsync("/a"));
        Assert.Single(Server.Seen, OpCode.Create2);
        // Whoever asks what became of it is answered by a server that has caught up.
        Assert.True(Server.Seen.ToList().IndexOf(OpCode.Sync) < Server.Seen.ToList().LastIndexOf(OpCode.Exists));
    }

    [Theory]
    [InlineData(FakeAnswer.CloseBefore)]
    [InlineData(FakeAnswer.CloseAfter)]
    [InlineData(FakeAnswer.Truncated)]
    [InlineData(FakeAnswer.WrongXid)]
    [InlineData(FakeAnswer.Endless)]
    public async Task Read_WhoseAnswerIsLost_IsAskedAgain(FakeAnswer answer)
    {
        await _setup.ConnectAsync();
        await _setup.CreateAsync("/a");
        Script(OpCode.Exists, answer);

        Assert.True(await _setup.ExistsAsync("/a"));
        Assert.Equal(2, Server.Seen.Count(op => op == OpCode.Exists));
    }

    [Fact]
    public async Task Requests_OfOneConnection_AreAnsweredInOrderThoughAnEarlierOneIsLost()
    {
        await _setup.ConnectAsync();
        await _setup.CreateAsync("/a");
        Script(OpCode.Multi, FakeAnswer.CloseBefore);

        var before = _setup.ExistsAsync("/a");
        var lost = _setup.Client.SendAsync(Requests.Multi([new Operation.Check("/a", 0)]), Ct);
        var after = _setup.ExistsAsync("/a");

        Assert.True(await before);
        Assert.True((await Assert.ThrowsAsync<ZooKeeperException>(() => ClientSetup.Within(lost))).IsOutcomeUnknown);
        Assert.True(await after);
    }

    [Fact]
    public async Task Requests_MadeWithoutAConnection_AreSentOverTheNext()
    {
        await _setup.ConnectAsync();
        await _setup.GoDownAsync();
        var write = _setup.CreateAsync("/a");
        var read = _setup.ExistsAsync("/a");
        Server.Down.Clear();

        await _setup.PassAsync(Task.WhenAll(write, read));

        Assert.True(await read);
        Assert.Single(Server.Seen, OpCode.Create2);
    }

    [Fact]
    public async Task Session_AfterAReconnection_IsTheSameWithItsWatchesAndNodes()
    {
        var client = await _setup.ConnectAsync();
        await client.WatchRecursivelyAsync("/w", Ct);
        await _setup.CreateAsync("/e", CreateMode.Ephemeral);
        var session = client.Ticket.Id;

        Server.Sever();
        await _setup.HearAsync("reconnected");
        Assert.True(await _setup.ExistsAsync("/e"));
        Server.Apply(new Operation.Create("/w", default, CreateMode.Persistent), new Operation.Create("/w/x", default, CreateMode.Persistent));

        await _setup.HearAsync("Created /w");
        await _setup.HearAsync("Created /w/x");
        Assert.Equal(session, client.Ticket.Id);
    }

    [Fact]
    public async Task Session_ThatTheServerHasEnded_IsOver()
    {
        var client = await _setup.ConnectAsync();

        Server.Expire(client.Ticket.Id);

        await _setup.HearAsync("ended SessionExpired");
        var failure = await Assert.ThrowsAsync<ZooKeeperException>(() => _setup.CreateAsync("/a"));
        Assert.Equal((ErrorCode.SessionExpired, false), (failure.Code, failure.IsOutcomeUnknown));
    }

    [Fact]
    public async Task Session_ThatNoServerWasHeardForItsTime_IsOver()
    {
        await _setup.ConnectAsync();
        await _setup.GoDownAsync();
        var waiting = _setup.ExistsAsync("/a");
        var began = _setup.Time.GetUtcNow();

        await _setup.PassAsync(_setup.HearAsync("ended SessionExpired"), TimeSpan.FromSeconds(10));

        Assert.True(_setup.Time.GetUtcNow() - began >= ClientSetup.SessionTimeout);
        Assert.Equal(ErrorCode.SessionExpired, (await Assert.ThrowsAsync<ZooKeeperException>(() => waiting)).Code);
    }

    [Fact]
    public async Task Server_ThatSaysNothing_IsLeftForAnother()
    {
        await _setup.ConnectAsync();
        Server.IsMute = true;
        var pinged = Assert.Single(Server.Connected);
        var called = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Called = server =>
        {
            Server.IsMute = false;
            called.TrySetResult(server);
        };

        await _setup.PassAsync(called.Task, TimeSpan.FromSeconds(10));

        await _setup.HearAsync("reconnected");
        Assert.NotEqual(pinged, await called.Task);
    }

    [Fact]
    public async Task Connection_WithoutRequests_IsKeptByPings()
    {
        await _setup.ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            var pinged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Server.Pinged = pinged.SetResult;
            await _setup.PassAsync(pinged.Task, TimeSpan.FromSeconds(10));
            Server.Pinged = null;
            Assert.False(await _setup.ExistsAsync("/a"));
        }

        Assert.DoesNotContain(OpCode.Sync, Server.Seen);
    }

    [Fact]
    public async Task Connect_WithoutAServer_SaysWhyForEach()
    {
        Server.Down.UnionWith(["one:2181", "two:2181"]);
        var connecting = _setup.ConnectAsync();

        await _setup.PassAsync(connecting, TimeSpan.FromSeconds(10));

        var failure = await Assert.ThrowsAsync<ZooKeeperException>(() => connecting);
        Assert.Contains("one:2181: connection refused; two:2181: connection refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Servers_ReplacedByOthers_AreLeftWithoutLosingTheSession()
    {
        var client = await _setup.ConnectAsync("one");
        var session = client.Ticket.Id;

        client.SetServers(ConnectString.Parse("three:1234,four").Servers);

        await _setup.HearAsync("reconnected");
        Assert.Contains(Assert.Single(Server.Connected), new List<string> { "three:1234", "four:2181" });
        Assert.Equal(session, client.Ticket.Id);
    }

    [Fact]
    public async Task Servers_ReplacedByMore_KeepTheConnection()
    {
        var client = await _setup.ConnectAsync("one");

        client.SetServers(ConnectString.Parse("one,three").Servers);
        await _setup.CreateAsync("/a");

        Assert.DoesNotContain(OpCode.Sync, Server.Seen);
    }

    [Fact]
    public async Task Dispose_AfterWrites_DoesThemAndEndsTheSession()
    {
        var client = await _setup.ConnectAsync();
        var writes = Enumerable.Range(0, 50).Select(i => _setup.CreateAsync($"/p{i}", i % 2 == 0 ? CreateMode.Persistent : CreateMode.Ephemeral)).ToList();

        await client.DisposeAsync();

        await Task.WhenAll(writes);
        Assert.NotNull(Server.Find("/p48"));
        Assert.Null(Server.Find("/p49"));
        await _setup.HearAsync("ended Closing");
        Assert.Equal(ErrorCode.Closing, (await Assert.ThrowsAsync<ZooKeeperException>(() => _setup.CreateAsync("/late"))).Code);
    }

    /// <summary>The next request of this kind gets this answer.</summary>
    private void Script(OpCode op, FakeAnswer answer)
    {
        var isDone = false;
        Server.Script = asked =>
        {
            if (asked != op || isDone)
            {
                return FakeAnswer.Right;
            }

            isDone = true;
            return answer;
        };
    }
}
