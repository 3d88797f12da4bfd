using Nodepool.State.ZooKeeper.Client;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Tests.State.ZooKeeper;

public sealed class ClientRequestTests : IAsyncDisposable
{
    private readonly ClientSetup _setup = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _setup.DisposeAsync();

    [Fact]
    public async Task Paths_WithAChroot_AreBelowItAtTheServerOnly()
    {
        var client = await _setup.ConnectAsync("one/in/side");
        _setup.Server.Apply(new Operation.Create("/in", default, CreateMode.Persistent), new Operation.Create("/in/side", default, CreateMode.Persistent));
        await client.WatchRecursivelyAsync("/", Ct);

        var made = await _setup.CreateAsync("/n", CreateMode.PersistentSequential);

        Assert.Equal("/n0000000000", made.Value.Path);
        Assert.NotNull(_setup.Server.Find("/in/side/n0000000000"));
        await _setup.HearAsync("Created /n0000000000");
        Assert.Equal(["n0000000000"], (await client.SendAsync(Requests.GetChildren("/"), Ct)).Value!);
    }

    [Fact]
    public async Task Multi_ThatFails_SaysWhichPart()
    {
        var client = await _setup.ConnectAsync();
        await _setup.CreateAsync("/a");

        var reply = await client.SendAsync(
            Requests.Multi([new Operation.SetData("/a", default, 0), new Operation.Check("/a", 7), new Operation.Delete("/a", -1)]), Ct);

        Assert.Equal([ErrorCode.Ok, ErrorCode.BadVersion, ErrorCode.RuntimeInconsistency], reply.Value.Select(result => result.Error));
        Assert.Equal(0, _setup.Server.Find("/a")!.Stat.Version);
    }

    [Fact]
    public async Task ReadMany_OfNodesThatAreThereOrNot_TellsOfEach()
    {
        var client = await _setup.ConnectAsync();
        await _setup.CreateAsync("/a");
        await _setup.CreateAsync("/a/b");

        var (reads, _) = await client.SendAsync(Requests.ReadMany(["/a", "/no", "/a/b"], withChildren: true), Ct);

        Assert.Equal([true, false, true], reads.Select(read => read.Exists));
        Assert.Equal(["b"], reads[0].Children);
        Assert.Empty(reads[2].Children);
        Assert.Equal([1], reads[2].Data);
    }

    [Fact]
    public async Task Requests_ManyMoreThanTheWindow_AreAllAnswered()
    {
        var client = await _setup.ConnectAsync(change: options => options with { Window = 7 });

        var replies = await ClientSetup.Within(Task.WhenAll(
            Enumerable.Range(0, 2000).Select(i => client.SendAsync(Requests.Single(new Operation.Create($"/n{i}", default, CreateMode.Persistent)), Ct))));

        Assert.Equal(replies.Select(reply => reply.Zxid).Order(), replies.Select(reply => reply.Zxid));
        Assert.Equal(2000, client.RequestsSent);
    }

    [Fact]
    public async Task Requests_MoreThanMayWait_AreRefusedUnsent()
    {
        var client = await _setup.ConnectAsync(change: options => options with { Window = 1, Capacity = 5, RequestTimeout = TimeSpan.FromSeconds(2) });
        _setup.Server.Script = _ => FakeAnswer.Silence;
        var stuck = client.SendAsync(Requests.Exists("/stuck"), Ct);
        await SeenAsync(OpCode.Exists);
        var waiting = Enumerable.Range(0, 5).Select(_ => client.SendAsync(Requests.Exists("/w"), Ct)).ToList();

        var failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.SendAsync(Requests.Exists("/x"), Ct));

        Assert.Equal((ErrorCode.ThrottledOp, false), (failure.Code, failure.IsOutcomeUnknown));
        await _setup.PassAsync(Task.WhenAll(waiting.Append(stuck)));
    }

    [Fact]
    public async Task Request_LongerThanServersTake_IsRefusedUnsentAndDisturbsNobody()
    {
        var client = await _setup.ConnectAsync();
        var large = new Operation.Create("/large", new byte[1 << 20], CreateMode.Persistent);

        var refused = client.SendAsync(Requests.Single(large), Ct);
        var other = _setup.CreateAsync("/other");

        var failure = await Assert.ThrowsAsync<ZooKeeperException>(() => ClientSetup.Within(refused));
        Assert.Contains("jute.maxbuffer", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.IsOutcomeUnknown);
        Assert.Equal("/other", (await other).Value.Path);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_WithoutAnAnswerInItsTime_FailsAsSent(bool isWrite)
    {
        // The server still answers pings: it is not the connection that is lost.
        var client = await _setup.ConnectAsync(change: options => options with { RequestTimeout = TimeSpan.FromSeconds(2) });
        _setup.Server.Script = _ => FakeAnswer.Silence;
        Task request = isWrite
            ? client.SendAsync(Requests.Single(new Operation.Delete("/a", -1)), Ct)
            : client.SendAsync(Requests.GetData("/a"), Ct);
        await SeenAsync(isWrite ? OpCode.Delete : OpCode.GetData);

        _setup.Time.Advance(TimeSpan.FromSeconds(2));

        var failure = await Assert.ThrowsAsync<ZooKeeperException>(() => ClientSetup.Within(request));
        Assert.Equal((ErrorCode.OperationTimeout, isWrite), (failure.Code, failure.IsOutcomeUnknown));
    }

    [Fact]
    public async Task Request_ThatCouldNotBeSentInItsTime_IsNeverSent()
    {
        var client = await _setup.ConnectAsync(change: options => options with { RequestTimeout = TimeSpan.FromSeconds(2) });
        await _setup.GoDownAsync();

        var request = _setup.CreateAsync("/a");
        await _setup.PassAsync(request);

        var failure = await Assert.ThrowsAsync<ZooKeeperException>(() => request);
        Assert.Equal((ErrorCode.RequestTimeout, false), (failure.Code, failure.IsOutcomeUnknown));
        _setup.Server.Down.Clear();
        await _setup.PassAsync(_setup.HearAsync("reconnected"));
        Assert.False(await _setup.ExistsAsync("/a"));
    }

    [Fact]
    public async Task Request_CancelledWhileItWaits_IsNeverSent()
    {
        var client = await _setup.ConnectAsync();
        await _setup.GoDownAsync();
        using var cancel = new CancellationTokenSource();
        var request = client.SendAsync(Requests.Single(new Operation.Create("/a", default, CreateMode.Persistent)), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ClientSetup.Within(request));
        _setup.Server.Down.Clear();
        await _setup.PassAsync(_setup.HearAsync("reconnected"));
        Assert.False(await _setup.ExistsAsync("/a"));
    }

    [Fact]
    public async Task Write_CancelledOnItsWay_IsWaitedFor()
    {
        var client = await _setup.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        _setup.Server.Script = op =>
        {
            cancel.Cancel();
            return FakeAnswer.Right;
        };

        var reply = await ClientSetup.Within(client.SendAsync(Requests.Single(new Operation.Create("/a", default, CreateMode.Persistent)), cancel.Token));

        Assert.Equal("/a", reply.Value.Path);
    }

    [Fact]
    public async Task Events_OfTransactions_ComeBeforeAnAnswerThatKnowsOfThem()
    {
        var client = await _setup.ConnectAsync();
        await client.WatchRecursivelyAsync("/", Ct);
        var told = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            _setup.Server.Apply(new Operation.Create($"/s{i}", default, CreateMode.Persistent));
        }

        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Post(Requests.ReadMany(["/s0"], false, _ => settled.SetResult()));
        await ClientSetup.Within(settled.Task);

        for (var i = 0; i < 100; i++)
        {
            await _setup.HearAsync($"Created /s{i}");
        }
    }

    private Task SeenAsync(OpCode op) => ClientSetup.Within(Task.Run(
        async () =>
        {
            while (!_setup.Server.Seen.Contains(op))
            {
                await Task.Yield();
            }
        },
        Ct));
}
