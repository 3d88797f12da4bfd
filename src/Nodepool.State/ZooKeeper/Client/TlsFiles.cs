namespace Nodepool.State.ZooKeeper.Client;

/// <summary>The files of a TLS client, all PEM. They are read at every connection, so that renewed ones are taken without a restart.</summary>
/// <param name="Certificate">Our certificate, perhaps with intermediates after it.</param>
/// <param name="Key">Its private key, without a pass phrase.</param>
/// <param name="Authorities">The certificates of the authorities that servers may have theirs from; no others are trusted.</param>
/// <param name="ChecksHostName">Whether a server's certificate must bear the name that it was called by.</param>
public sealed record TlsFiles(string Certificate, string Key, string Authorities, bool ChecksHostName);
