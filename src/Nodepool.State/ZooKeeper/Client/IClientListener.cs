namespace Nodepool.State.ZooKeeper.Client;

/// <summary>
/// Is told what happens to a session, in the order in which the server says it, between the answers to requests. Must return quickly:
/// nothing more is read from the server meanwhile. Never called twice at the same time.
/// </summary>
internal interface IClientListener
{
    /// <summary>A watch has seen something.</summary>
    void Happened(WatchEvent happening);

    /// <summary>An answer has come, or a ping's: the events of all transactions up to <see cref="SessionTicket.LastZxid"/> were told before.</summary>
    void Answered();

    /// <summary>
    /// The session goes on over a new connection. Watches are set again, and the server has caught up with what was under way; what
    /// happened in between was not told.
    /// </summary>
    void Reconnected();

    /// <summary>The session is over: closed or expired. Told once, before the requests that are left fail.</summary>
    void Ended(ErrorCode reason);
}
