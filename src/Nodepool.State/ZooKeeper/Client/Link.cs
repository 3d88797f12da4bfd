namespace Nodepool.State.ZooKeeper.Client;

/// <summary>
/// One connection to one server: a writer that sends what waits, as much as there is in one go, a reader that hands every message on,
/// and a keeper that lets neither side believe that the other is gone.
/// </summary>
internal sealed class Link(Stream stream, ServerAddress server, SessionTicket ticket, RequestQueue queue, ClientOptions options) : IAsyncDisposable
{
    private const int BatchBytes = 64 * 1024;

    private readonly FrameReader _frames = new(stream, options.LongestAnswer);
    private readonly JuteWriter _writer = new(options.Connect.Chroot);
    private readonly TaskCompletionSource<Exception> _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sent = options.Time.GetTimestamp();
    private volatile bool _isPingDue;

    public ServerAddress Server { get; } = server;

    /// <summary>Asks for the session, or for a new one.</summary>
    /// <returns>False when the session has expired.</returns>
    public async Task<bool> ShakeHandsAsync(CancellationToken ct)
    {
        WriteHello();
        await FlushAsync(ct);
        return ReadWelcome((await _frames.ReadAsync(ct)).Span);
    }

    /// <summary>Works until the connection ends.</summary>
    /// <returns>Why it ended.</returns>
    public async Task<Exception> RunAsync(MessageDispatch dispatch, WatchSet watches)
    {
        using var stop = new CancellationTokenSource();
        Task[] parts = [ReadAsync(dispatch, stop.Token), WriteAsync(watches, stop.Token), KeepAsync(stop.Token), _aborted.Task];
        var first = await Task.WhenAny(parts);
        stop.Cancel();
        await stream.DisposeAsync();
        await Task.WhenAll(parts[..3]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return first == _aborted.Task ? await _aborted.Task : first.Exception?.InnerException ?? new IOException("the connection ended");
    }

    /// <summary>Ends the connection.</summary>
    public void Abort(string why) => _aborted.TrySetResult(new IOException(why));

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private void WriteHello()
    {
        var frame = _writer.BeginFrame();
        _writer.WriteInt(0);
        _writer.WriteLong(ticket.LastZxid);
        _writer.WriteInt((int)ticket.Timeout.TotalMilliseconds);
        _writer.WriteLong(ticket.Id);
        _writer.WriteBuffer(ticket.Password);
        // Not content with a server that has lost its leader.
        _writer.WriteBool(false);
        _writer.EndFrame(frame);
    }

    private bool ReadWelcome(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame, "");
        _ = reader.ReadInt();
        var timeout = reader.ReadInt();
        var id = reader.ReadLong();
        var password = reader.ReadBuffer();
        if (timeout <= 0)
        {
            return false;
        }

        ticket.Established(id, password, TimeSpan.FromMilliseconds(timeout));
        return true;
    }

    private async Task ReadAsync(MessageDispatch dispatch, CancellationToken ct)
    {
        while (true)
        {
            var frame = await _frames.ReadAsync(ct);
            dispatch.Handle(frame.Span);
        }
    }

    private async Task WriteAsync(WatchSet watches, CancellationToken ct)
    {
        // Before anything that waits: whoever hears an answer on this connection hears of later changes as well.
        watches.WriteTo(_writer, ticket.LastZxid);
        while (true)
        {
            if (_isPingDue)
            {
                _isPingDue = false;
                WritePing();
            }

            while (_writer.Length < BatchBytes && queue.Take() is { } request)
            {
                Write(request);
            }

            if (_writer.Length > 0)
            {
                await FlushAsync(ct);
            }
            else
            {
                await queue.WaitAsync(ct);
            }
        }
    }

    private void Write(Request request)
    {
        var frame = _writer.BeginFrame();
        _writer.WriteInt(request.Xid);
        _writer.WriteInt((int)request.Op);
        request.Encode(_writer);
        var bytes = _writer.EndFrame(frame);
        if (bytes > options.LongestRequest)
        {
            _writer.Truncate(frame);
            queue.TakeBack(request);
            request.Fail(new ZooKeeperException(
                ErrorCode.BadArguments,
                request.Path,
                $"{request.Path}: the request has {bytes} bytes and ZooKeeper takes at most {options.LongestRequest} (jute.maxbuffer); it was not sent"));
        }
    }

    private void WritePing()
    {
        var frame = _writer.BeginFrame();
        _writer.WriteInt(MessageId.Ping);
        _writer.WriteInt((int)OpCode.Ping);
        _writer.EndFrame(frame);
    }

    private async ValueTask FlushAsync(CancellationToken ct)
    {
        await stream.WriteAsync(_writer.Written, ct);
        await stream.FlushAsync(ct);
        _writer.Clear();
        Volatile.Write(ref _sent, options.Time.GetTimestamp());
    }

    /// <summary>Pings when nothing was sent for a third of the session's time, gives up when nothing was heard for two.</summary>
    private async Task KeepAsync(CancellationToken ct)
    {
        var third = ticket.Timeout / 3;
        while (true)
        {
            await Task.Delay(third / 4, options.Time, ct);
            if (ticket.Silence >= 2 * third)
            {
                throw new IOException($"no sign of life from {Server} for {ticket.Silence.TotalSeconds:0.0} s");
            }

            if (options.Time.GetElapsedTime(Volatile.Read(ref _sent)) >= third * 0.75)
            {
                _isPingDue = true;
                queue.Wake();
            }
        }
    }
}
