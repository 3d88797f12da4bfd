using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Nodepool.State.ZooKeeper.Client;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Tests.State.ZooKeeper;

/// <summary>A client on a fake server, on fake time, and what it was told.</summary>
internal sealed class ClientSetup : IClientListener, IAsyncDisposable
{
    /// <summary>Long, so that a busy machine which lets time pass and the client wait does not end a session.</summary>
    public static readonly TimeSpan SessionTimeout = TimeSpan.FromHours(1);

    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private ZooKeeperClient? _client;

    public ClientSetup() => Server = new FakeZooKeeper(Time) { TimeoutMs = (int)SessionTimeout.TotalMilliseconds };

    public FakeTimeProvider Time { get; } = new();

    public FakeZooKeeper Server { get; }

    public ZooKeeperClient Client => _client!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task<ZooKeeperClient> ConnectAsync(string servers = "one,two", Func<ClientOptions, ClientOptions>? change = null)
    {
        var options = new ClientOptions(ConnectString.Parse(servers), Time, () => 0.5) { SessionTimeout = SessionTimeout, RequestTimeout = TimeSpan.FromDays(1) };
        return _client = await ZooKeeperClient.ConnectAsync(change?.Invoke(options) ?? options, Server, this, NullLogger.Instance, Ct);
    }

    /// <summary>The next thing that the client was told; must be this one.</summary>
    public async Task HearAsync(string expected) => Assert.Equal(expected, await Within(_told.Reader.ReadAsync(Ct).AsTask()));

    public Task<Reply<OperationResult>> CreateAsync(string path, CreateMode mode = CreateMode.Persistent) =>
        Within(Client.SendAsync(Requests.Single(new Operation.Create(path, new byte[] { 1 }, mode)), Ct));

    public async Task<bool> ExistsAsync(string path) => (await Within(Client.SendAsync(Requests.Exists(path), Ct))).Value.Exists;

    /// <summary>No server can be reached any more; completes when the client has noticed.</summary>
    public Task GoDownAsync()
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Called = _ => called.TrySetResult();
        Server.Down.UnionWith(["one:2181", "two:2181"]);
        Server.Sever();
        return Within(called.Task);
    }

    /// <summary>Moves the time in steps, small ones if nothing is said, until the task is done.</summary>
    public async Task PassAsync(Task task, TimeSpan? step = null)
    {
        for (var steps = 0; !task.IsCompleted; steps++)
        {
            Assert.True(steps < 100_000, "time passes and nothing happens");
            Time.Advance(step ?? TimeSpan.FromMilliseconds(50));
            await LetOthersRunAsync();
        }
    }

    /// <summary>What a step of time has set off is done before the next: it goes through the queue of the thread pool, and so does this, many times.</summary>
    private static async Task LetOthersRunAsync()
    {
        for (var hop = 0; hop < 50; hop++)
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ThreadPool.UnsafeQueueUserWorkItem(one => one.SetResult(), turn, preferLocal: false);
            await turn.Task;
        }
    }

    public static Task<T> Within<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(60), Ct);

    public static Task Within(Task task) => task.WaitAsync(TimeSpan.FromSeconds(60), Ct);

    public async ValueTask DisposeAsync()
    {
        if (_client is { } client)
        {
            await PassAsync(client.DisposeAsync().AsTask());
        }
    }

    void IClientListener.Happened(WatchEvent happening) => _told.Writer.TryWrite($"{happening.Kind} {happening.Path}");

    void IClientListener.Answered()
    {
    }

    void IClientListener.Reconnected() => _told.Writer.TryWrite("reconnected");

    void IClientListener.Ended(ErrorCode reason) => _told.Writer.TryWrite($"ended {reason}");
}
