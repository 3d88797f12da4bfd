namespace Nodepool.State.ZooKeeper.Client;

/// <summary>Takes a value out of the body of an answer.</summary>
internal delegate T JuteDecoder<T>(ref JuteReader body);

/// <summary>A request whose answer is a <typeparamref name="T"/>.</summary>
/// <param name="op">What it asks for.</param>
/// <param name="path">The node that it is mainly about, for messages.</param>
/// <param name="encode">Writes the body.</param>
/// <param name="decode">Reads the body of the answer.</param>
internal sealed class TypedRequest<T>(OpCode op, string path, Action<JuteWriter> encode, JuteDecoder<T> decode) : Request(op, path)
{
    private readonly TaskCompletionSource<Reply<T>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer, or a <see cref="ZooKeeperException"/>.</summary>
    public Task<Reply<T>> Done => _done.Task;

    /// <summary>
    /// Called where the answer was read, in the order of the server's messages, before <see cref="Done"/> completes; with null when there
    /// is none. Exactly once, as long as the request is repeated until it is answered.
    /// </summary>
    public Action<Reply<T>?>? Settled { get; init; }

    /// <summary>An error that is an answer without a value: "no such node" may be what one wants to know.</summary>
    public ErrorCode AlsoAnswers { get; init; }

    public override void Encode(JuteWriter writer) => encode(writer);

    public override void Answer(ErrorCode error, long zxid, ref JuteReader body)
    {
        if (error != ErrorCode.Ok && error != AlsoAnswers)
        {
            Fail(ZooKeeperException.Refused(error, Path));
            return;
        }

        Reply<T> reply;
        try
        {
            reply = new Reply<T>(error == ErrorCode.Ok ? decode(ref body) : default!, zxid);
        }
        catch (JuteException e)
        {
            Fail(ZooKeeperException.Unknown(ErrorCode.MarshallingError, Op, Path, "the answer cannot be understood", e));
            throw;
        }

        Forsake();
        Settled?.Invoke(reply);
        _done.TrySetResult(reply);
    }

    public override void Fail(ZooKeeperException failure)
    {
        Forsake();
        if (!_done.Task.IsCompleted)
        {
            Settled?.Invoke(null);
            _done.TrySetException(failure);
            // Not everybody who asks waits for the answer.
            _ = _done.Task.Exception;
        }
    }
}
