using Nodepool.Core.Collections;

namespace Nodepool.Core.Config;

/// <summary>Where the store is when several hosts share one: <c>zookeeper-servers</c>, <c>zookeeper-tls</c>, <c>zookeeper-timeout</c>.</summary>
public sealed record ZooKeeperConfig
{
    /// <summary>TCP port of a server that accepts TLS, and of one that does not.</summary>
    private const int TlsPort = 2281, PlainPort = 2181;

    /// <summary><c>zookeeper-servers</c>; empty: there is no ZooKeeper.</summary>
    public ValueList<ZooKeeperServer> Servers { get; init; } = [];

    /// <summary>Absolute path below which everything of ours is stored, the same for all servers; <c>chroot</c>; empty is the root.</summary>
    public string Chroot { get; init; } = "";

    /// <summary><c>zookeeper-tls</c>; null: plain TCP.</summary>
    public ZooKeeperTls? Tls { get; init; }

    /// <summary>A session without a connection ends after this; <c>zookeeper-timeout</c>, seconds in the file.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Servers and chroot in one text: <c>zk1:2281,[2001:db8::1]:2281/chroot</c>; every server has its port.</summary>
    public string ConnectString => string.Join(',', Servers.Select(server => server.At(Tls is null ? PlainPort : TlsPort))) + Chroot;
}
