using System.Threading.Channels;

namespace Nodepool.State.ZooKeeper.Client;

/// <summary>
/// The requests of a session: those that wait, in the order in which they were made, and those that were sent and not answered. A server
/// that is slow is not sent more than a window of them; callers that do not wait for their answers are refused in the end.
/// </summary>
/// <param name="window">How many may be sent and not answered.</param>
/// <param name="capacity">How many may wait.</param>
internal sealed class RequestQueue(int window, int capacity)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Request> _waiting = [];
    private readonly Queue<Request> _sent = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private int _lastXid;
    private long _count;
    private bool _isFull;
    private ErrorCode? _closed;

    /// <summary>How many were sent so far, one that is sent twice counted twice.</summary>
    public long Sent => Volatile.Read(ref _count);

    /// <summary>Adds a request at the end; it fails at once when the session is over or too many wait.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isLimited">Whether it may be refused because too many wait.</param>
    public void Add(Request request, bool isLimited = true)
    {
        ZooKeeperException? refusal = null;
        lock (_gate)
        {
            if (_closed is { } reason)
            {
                refusal = ZooKeeperException.Ended(reason, request.Path);
            }
            else if (isLimited && _waiting.Count >= capacity)
            {
                refusal = new ZooKeeperException(
                    ErrorCode.ThrottledOp, request.Path, $"{request.Path}: {capacity} requests wait for ZooKeeper already; this one was not sent");
            }
            else
            {
                _waiting.AddLast(request);
            }
        }

        if (refusal is not null)
        {
            request.Fail(refusal);
            return;
        }

        Wake();
    }

    /// <summary>Puts a request before all that wait.</summary>
    public void AddFirst(Request request)
    {
        lock (_gate)
        {
            _waiting.AddFirst(request);
        }
    }

    /// <summary>The next request to send, which counts as sent from now on; null when there is none or the window is full.</summary>
    public Request? Take()
    {
        lock (_gate)
        {
            while (_waiting.First is { } first)
            {
                if (_sent.Count >= window)
                {
                    _isFull = true;
                    return null;
                }

                _waiting.RemoveFirst();
                var request = first.Value;
                if (request.TrySend())
                {
                    request.Xid = _lastXid = _lastXid == int.MaxValue ? 1 : _lastXid + 1;
                    _sent.Enqueue(request);
                    _count++;
                    return request;
                }
            }

            return null;
        }
    }

    /// <summary>The request that was taken last could not be written and is not on its way.</summary>
    public void TakeBack(Request request)
    {
        lock (_gate)
        {
            var others = _sent.Where(one => one != request).ToArray();
            _sent.Clear();
            Array.ForEach(others, _sent.Enqueue);
        }
    }

    /// <summary>Finds the request that an answer belongs to: always the oldest.</summary>
    /// <exception cref="JuteException">The answer has another number.</exception>
    public Request Answered(int xid)
    {
        Request? request;
        bool wasFull;
        lock (_gate)
        {
            if (!_sent.TryPeek(out request) || request.Xid != xid)
            {
                throw new JuteException($"an answer to request {xid} instead of {(request is null ? "none" : request.Xid)}");
            }

            _sent.Dequeue();
            wasFull = _isFull;
            _isFull = false;
        }

        if (wasFull)
        {
            Wake();
        }

        return request;
    }

    /// <summary>The connection is lost: reads wait again, in their old places; the outcome of writes is unknown.</summary>
    public void Lost(Exception? why)
    {
        Request[] failed;
        lock (_gate)
        {
            var sent = _sent.ToArray();
            _sent.Clear();
            _isFull = false;
            failed = Array.FindAll(sent, request => !request.TryRepeat());
            foreach (var request in sent.Except(failed).Reverse())
            {
                _waiting.AddFirst(request);
            }
        }

        foreach (var request in failed)
        {
            request.Fail(ZooKeeperException.Unknown(ErrorCode.ConnectionLoss, request.Op, request.Path, why?.Message ?? "the connection was closed", why));
        }
    }

    /// <summary>The session is over: everything fails, now and later.</summary>
    public void Close(ErrorCode reason)
    {
        Lost(null);
        Request[] left;
        lock (_gate)
        {
            _closed = reason;
            left = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var request in left)
        {
            request.Fail(ZooKeeperException.Ended(reason, request.Path));
        }
    }

    /// <summary>Lets <see cref="WaitAsync"/> return.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    /// <summary>Waits until there may be something to take.</summary>
    public async ValueTask WaitAsync(CancellationToken ct)
    {
        await _signal.Reader.WaitToReadAsync(ct);
        _signal.Reader.TryRead(out _);
    }
}
