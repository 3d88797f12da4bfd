namespace Nodepool.State.ZooKeeper.Client;

/// <summary>Makes connections.</summary>
internal interface IDialer
{
    /// <summary>Connects to a server, with everything that comes before the first message.</summary>
    /// <exception cref="IOException">The server cannot be reached, or is not to be trusted; the message says why.</exception>
    ValueTask<Stream> DialAsync(ServerAddress server, CancellationToken ct);
}
