using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.Integration.State.ZooKeeper;

/// <summary>Over TLS with certificates on both sides.</summary>
public sealed class TlsZooKeeperStore : ZooKeeperStore
{
    private protected override (string Servers, TlsHandshake? Tls) Locate(SharedServer shared) => (
        shared.Server.SecureAddress,
        new TlsHandshake(new TlsFiles(shared.Certificates.ClientCertificate, shared.Certificates.ClientKey, shared.Certificates.Authority, ChecksHostName: true)));
}
