namespace Nodepool.State.ZooKeeper.Client;

/// <summary>What a client needs to go on with its session over another connection.</summary>
/// <param name="time">The clock of the session.</param>
/// <param name="wished">The time limit to ask for.</param>
internal sealed class SessionTicket(TimeProvider time, TimeSpan wished)
{
    private long _lastZxid;
    private long _heard = time.GetTimestamp();

    /// <summary>Its number; 0 before the first connection.</summary>
    public long Id { get; private set; }

    /// <summary>What only its client knows.</summary>
    public byte[] Password { get; private set; } = new byte[16];

    /// <summary>How long it lives without hearing from us.</summary>
    public TimeSpan Timeout { get; private set; } = wished;

    /// <summary>The newest transaction that a server has told us of: no server that knows less may serve us.</summary>
    public long LastZxid => Volatile.Read(ref _lastZxid);

    /// <summary>How long no server has been heard.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _heard));

    public void Established(long id, byte[] password, TimeSpan timeout)
    {
        Id = id;
        Password = password;
        Timeout = timeout;
        Heard();
    }

    public void Heard() => Volatile.Write(ref _heard, time.GetTimestamp());

    /// <summary>Called by the one reader.</summary>
    public void Saw(long zxid)
    {
        if (zxid > _lastZxid)
        {
            Volatile.Write(ref _lastZxid, zxid);
        }
    }
}
