using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.State.ZooKeeper;

/// <summary>Where the store is, and how it is reached.</summary>
/// <param name="Servers">Servers and chroot: <c>zk1:2181,[2001:db8::1]:2281/chroot</c>.</param>
public sealed record ZooKeeperSettings(string Servers)
{
    /// <summary>How long a session lives without a connection: after that others take over what its process was doing.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The files for TLS; null for plain TCP.</summary>
    public TlsFiles? Tls { get; init; }
}
