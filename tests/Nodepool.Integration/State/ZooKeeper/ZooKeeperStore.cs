using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.ZooKeeper;
using Nodepool.State.ZooKeeper.Client;
using Nodepool.Testing.State;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Integration.State.ZooKeeper;

/// <summary>The ZooKeeper engine for the contract suite: every store a chroot of its own on the shared server, every session an engine on it.</summary>
public abstract class ZooKeeperStore : IStateStore
{
    private readonly string _chroot = $"/contract/{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    private readonly double _chance = RandomNumberGenerator.GetInt32(1000) / 1000.0;

    /// <inheritdoc/>
    public async ValueTask<IStateEngine> OpenSessionAsync(Sources sources, CancellationToken ct)
    {
        var (options, dialer) = await ReachAsync();
        return await ZooKeeperEngine.OpenAsync(options, dialer, sources, NullLogger.Instance, ct);
    }

    /// <inheritdoc/>
    public async ValueTask KillSessionAsync(IStateEngine session)
    {
        var (options, dialer) = await ReachAsync();
        await SessionKill.KillAsync((ZooKeeperEngine)session, options, dialer, TestContext.Current.CancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected abstract (string Servers, TlsHandshake? Tls) Locate(SharedServer shared);

    private async Task<(ClientOptions Options, IDialer Dialer)> ReachAsync()
    {
        var (servers, tls) = Locate(await SharedServer.Instance);
        return (new ClientOptions(ConnectString.Parse(servers + _chroot), TimeProvider.System, () => _chance), new TcpDialer(tls, () => _chance));
    }
}
