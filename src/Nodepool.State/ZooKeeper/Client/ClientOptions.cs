namespace Nodepool.State.ZooKeeper.Client;

/// <summary>How a client behaves.</summary>
/// <param name="Connect">Servers and chroot.</param>
/// <param name="Time">The clock of time limits and of the session.</param>
/// <param name="NextDouble">Chance for the order of servers and for pauses: numbers in [0, 1).</param>
internal sealed record ClientOptions(ConnectString Connect, TimeProvider Time, Func<double> NextDouble)
{
    /// <summary>How long a session lives without hearing from us; the server may choose another.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request may take, waiting included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The longest request, in bytes. A server drops the connection when it gets a longer one than its <c>jute.maxbuffer</c>, and nobody knows
    /// why: this is a little below what servers allow unless they are told otherwise.
    /// </summary>
    public int LongestRequest { get; init; } = 0xf_fff0;

    /// <summary>The longest answer, in bytes: lists of children and many nodes at once have no other limit.</summary>
    public int LongestAnswer { get; init; } = 128 * 1024 * 1024;

    /// <summary>How many requests may be sent and not answered.</summary>
    public int Window { get; init; } = 1000;

    /// <summary>How many requests may wait to be sent.</summary>
    public int Capacity { get; init; } = 100_000;
}
