namespace Nodepool.Core.Config;

/// <summary>A server of ZooKeeper; one element of <c>zookeeper-servers</c>.</summary>
/// <param name="Host"><c>host</c>: a name or an address, IPv6 without brackets.</param>
/// <param name="Port"><c>port</c>; null: 2281 with TLS, else 2181. Known only when the secure file is read too.</param>
public sealed record ZooKeeperServer(string Host, int? Port)
{
    /// <summary><c>host:port</c>, an IPv6 address in brackets.</summary>
    /// <param name="usualPort">The port of a server that names none.</param>
    public string At(int usualPort) => $"{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port ?? usualPort}";
}
