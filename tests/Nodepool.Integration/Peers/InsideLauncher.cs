using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Launching;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.State.ZooKeeper;
using Nodepool.State.ZooKeeper.Client;
using Nodepool.Testing.Providers;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Integration.Peers;

/// <summary>A launcher inside the test, on a session of its own at a real server: its clock and its session are in the test's hand.</summary>
internal sealed class InsideLauncher : IAsyncDisposable
{
    private static readonly NodepoolConfig Config = new()
    {
        Labels = [new LabelConfig { Name = "small" }],
        Providers = [new ProviderConfig { Name = "cloud", Driver = "fake", Pools = [new PoolConfig { Name = "main", Labels = [new PoolLabelConfig { Name = "small", CloudImage = "debian" }] }] }],
    };

    private readonly ClientOptions _options;
    private readonly TcpDialer _dialer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _feeding;

    private InsideLauncher(ZooKeeperEngine engine, ClientOptions options, TcpDialer dialer, Sources sources, FakeCloud cloud)
    {
        (Engine, _options, _dialer) = (engine, options, dialer);
        var feed = new ClusterFeed(engine, sources.Time);
        var context = new LauncherContext(engine, feed, sources, NullLoggerFactory.Instance, FakeNodeScanner.Of(cloud, sources.Time), "inside", "1");
        _feeding = FollowAsync(feed);
        Running = new LauncherRole(context, section => new FakeProvider(section, cloud), FollowConfigAsync()).RunAsync(_stop.Token);
    }

    public ZooKeeperEngine Engine { get; }

    /// <summary>Its life; ends with an exception when its session does.</summary>
    public Task Running { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<InsideLauncher> StartAsync(PeerBed bed, Sources sources, FakeCloud cloud)
    {
        var options = new ClientOptions(ConnectString.Parse(bed.Server.Address + bed.Chroot), sources.Time, sources.Random.NextDouble);
        var dialer = new TcpDialer(null, sources.Random.NextDouble);
        return new InsideLauncher(await ZooKeeperEngine.OpenAsync(options, dialer, sources, NullLogger.Instance, Ct), options, dialer, sources, cloud);
    }

    /// <summary>Another client with its session's number and password ends the session.</summary>
    public Task EndSessionAsync() => SessionKill.KillAsync(Engine, _options, _dialer, Ct);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _feeding;
        await Engine.DisposeAsync();
        _stop.Dispose();
    }

    private async IAsyncEnumerable<NodepoolConfig> FollowConfigAsync()
    {
        await Task.CompletedTask;
        yield return Config;
    }

    private async Task FollowAsync(ClusterFeed feed)
    {
        try
        {
            await feed.RunAsync(_stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or StateException)
        {
            // It was stopped, or its session has ended.
        }
    }
}
