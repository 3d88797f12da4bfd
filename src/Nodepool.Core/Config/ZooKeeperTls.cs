namespace Nodepool.Core.Config;

/// <summary>Files to prove who we are to ZooKeeper and it to us, PEM, absolute paths; <c>zookeeper-tls</c>.</summary>
/// <param name="Certificate"><c>cert</c>: our certificate.</param>
/// <param name="Key"><c>key</c>: its private key.</param>
/// <param name="Authorities"><c>ca</c>: certificates of who may have signed the server's.</param>
/// <param name="ChecksHostName"><c>check-host-name</c>: a server's certificate must bear the name of its <c>host</c>.</param>
public sealed record ZooKeeperTls(string Certificate, string Key, string Authorities, bool ChecksHostName = false);
