using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.ZooKeeper;
using Nodepool.State.ZooKeeper.Client;
using Nodepool.Testing.State;

namespace Nodepool.Testing.ZooKeeper;

/// <summary>The ZooKeeper engine on the fake server, for the contract suite.</summary>
public sealed class FakeZooKeeperStore : IStateStore
{
    private readonly FakeZooKeeper _server = new(TimeProvider.System);

    /// <inheritdoc/>
    public async ValueTask<IStateEngine> OpenSessionAsync(Sources sources, CancellationToken ct) => await ZooKeeperEngine.OpenAsync(
        new ClientOptions(ConnectString.Parse("one,two/deep/chroot"), TimeProvider.System, () => 0.5), _server, sources, NullLogger.Instance, ct);

    /// <inheritdoc/>
    public ValueTask KillSessionAsync(IStateEngine session)
    {
        _server.Expire(((ZooKeeperEngine)session).Client.Ticket.Id);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
