using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.Integration.State.ZooKeeper;

/// <summary>Over plain TCP.</summary>
public sealed class PlainZooKeeperStore : ZooKeeperStore
{
    private protected override (string Servers, TlsHandshake? Tls) Locate(SharedServer shared) => (shared.Server.Address, null);
}
