namespace Nodepool.State.ZooKeeper.Client;

/// <summary>A request on its way: waiting in the client, then sent, then over.</summary>
/// <param name="op">What it asks for.</param>
/// <param name="path">The node that it is mainly about, for messages.</param>
internal abstract class Request(OpCode op, string path)
{
    private const int Waiting = 0;
    private const int Sent = 1;
    private const int Over = 2;

    private int _stage;

    public OpCode Op { get; } = op;

    public string Path { get; } = path;

    /// <summary>Its number on the connection, given when it is sent.</summary>
    public int Xid { get; set; }

    /// <summary>Asking again does no harm: it is sent again when its connection is lost.</summary>
    public bool IsRepeatable { get; } =
        op is OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.MultiRead or OpCode.Sync or OpCode.AddWatch;

    /// <summary>It is being sent; false when nobody waits for it any more.</summary>
    public bool TrySend() => Interlocked.CompareExchange(ref _stage, Sent, Waiting) == Waiting;

    /// <summary>It will never be sent; false when it has been.</summary>
    public bool TryWithdraw() => Interlocked.CompareExchange(ref _stage, Over, Waiting) == Waiting;

    /// <summary>Its connection is lost and it waits again; false when it must not be repeated or nobody waits for it.</summary>
    public bool TryRepeat() => IsRepeatable && Interlocked.CompareExchange(ref _stage, Waiting, Sent) == Sent;

    /// <summary>Nobody waits for it any more; its answer is still to come.</summary>
    public void Forsake() => Volatile.Write(ref _stage, Over);

    /// <summary>Writes its body.</summary>
    public abstract void Encode(JuteWriter writer);

    /// <summary>Its answer has come.</summary>
    /// <exception cref="JuteException">The answer cannot be understood; the request has failed.</exception>
    public abstract void Answer(ErrorCode error, long zxid, ref JuteReader body);

    /// <summary>It has no answer.</summary>
    public abstract void Fail(ZooKeeperException failure);
}
