using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.ZooKeeper;
using Nodepool.State.ZooKeeper.Client;
using Nodepool.Testing.State;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Tests.State.ZooKeeper;

/// <summary>An engine on a fake server.</summary>
internal sealed class EngineSetup : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];

    public FakeZooKeeper Server { get; } = new(TimeProvider.System);

    public ZooKeeperEngine Engine { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task<ZooKeeperEngine> OpenAsync()
    {
        var engine = await ZooKeeperEngine.OpenAsync(
            new ClientOptions(ConnectString.Parse("one,two"), TimeProvider.System, () => 0.5), Server, SystemSources.Create(), NullLogger.Instance, Ct);
        _open.Insert(0, engine);
        return Engine = engine;
    }

    public WatchProbe Watch(string root)
    {
        var probe = new WatchProbe(Engine, root, Ct);
        _open.Insert(0, probe);
        return probe;
    }

    public async Task<CommitResult> CommitAsync(params Write[] writes) => await Engine.CommitAsync(writes, Ct);

    /// <summary>Commits and waits until the watch shows it.</summary>
    public async Task SettleAsync(WatchProbe probe, params Write[] writes) => await probe.ReachAsync((await CommitAsync(writes)).Position);

    public static Write.Create Create(string path, CreateModes modes = CreateModes.Persistent) => new(path, new byte[] { 7 }, modes);

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _open)
        {
            await one.DisposeAsync();
        }
    }
}
