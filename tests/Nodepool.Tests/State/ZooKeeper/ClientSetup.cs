using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Nodepool.State.ZooKeeper.Client;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Tests.State.ZooKeeper;

/// <summary>A client on a fake server, on fake time, and what it was told.</summary>
internal sealed class ClientSetup : IClientListener, IAsyncDisposable
{
    public static readonly TimeSpan SessionTimeout = TimeSpan.FromHours(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly QuietContext _context = new();
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private ZooKeeperClient? _client;

    public ClientSetup() => Server = new FakeZooKeeper(Time) { TimeoutMs = (int)SessionTimeout.TotalMilliseconds };

    public FakeTimeProvider Time { get; } = new();

    public FakeZooKeeper Server { get; }

    public ZooKeeperClient Client => _client!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task<ZooKeeperClient> ConnectAsync(string servers = "one,two", Func<ClientOptions, ClientOptions>? change = null, IDialer? dialer = null)
    {
        var options = new ClientOptions(ConnectString.Parse(servers), Time, () => 0.5) { SessionTimeout = SessionTimeout, RequestTimeout = TimeSpan.FromDays(1) };
        return _client = await _context.Run(() => ZooKeeperClient.ConnectAsync(change?.Invoke(options) ?? options, dialer ?? Server, this, NullLogger.Instance, Ct));
    }

    /// <summary>The next thing that the client was told; must be this one.</summary>
    public async Task HearAsync(string expected) => Assert.Equal(expected, await Within(_told.Reader.ReadAsync(Ct).AsTask()));

    public Task<Reply<OperationResult>> CreateAsync(string path, CreateMode mode = CreateMode.Persistent) =>
        Within(_context.Run(() => Client.SendAsync(Requests.Single(new Operation.Create(path, new byte[] { 1 }, mode)), Ct)));

    public async Task<bool> ExistsAsync(string path) => (await Within(_context.Run(() => Client.SendAsync(Requests.Exists(path), Ct)))).Value.Exists;

    /// <summary>No server can be reached any more; completes when the client has noticed.</summary>
    public Task GoDownAsync()
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Called = _ => called.TrySetResult();
        Server.Down.UnionWith(["one:2181", "two:2181"]);
        Server.Sever();
        return Within(called.Task);
    }

    /// <summary>Moves the time in steps, small ones if nothing is said, until the task is done; each when the client and the server have done what the one before has set off.</summary>
    public async Task PassAsync(Task task, TimeSpan? step = null)
    {
        var patience = Task.Delay(Patience, TimeProvider.System, Ct);
        while (true)
        {
            await _context.QuietAsync();
            // What the test itself waits for is not in the context.
            await Task.Yield();
            if (task.IsCompleted)
            {
                return;
            }

            Assert.False(patience.IsCompleted, "time passes and nothing happens");
            _context.Run(() =>
            {
                Time.Advance(step ?? TimeSpan.FromMilliseconds(50));
                return true;
            });
        }
    }

    public static Task<T> Within<T>(Task<T> task) => task.WaitAsync(Patience, Ct);

    public static Task Within(Task task) => task.WaitAsync(Patience, Ct);

    public async ValueTask DisposeAsync()
    {
        if (_client is { } client)
        {
            await PassAsync(_context.Run(() => client.DisposeAsync().AsTask()));
        }
    }

    void IClientListener.Happened(WatchEvent happening) => _told.Writer.TryWrite($"{happening.Kind} {happening.Path}");

    void IClientListener.Answered()
    {
    }

    void IClientListener.Reconnected() => _told.Writer.TryWrite("reconnected");

    void IClientListener.Ended(ErrorCode reason) => _told.Writer.TryWrite($"ended {reason}");
}
