using Microsoft.Extensions.Logging;

namespace Nodepool.State.ZooKeeper.Client;

/// <summary>
/// One session with a ZooKeeper ensemble (3.6 or newer), over one connection at a time. Requests are answered in the order in which they are
/// made. What was not sent yet when a connection is lost is sent over the next, and so are reads; a write that was sent and not answered fails
/// as <see cref="ZooKeeperException.IsOutcomeUnknown"/> and is never repeated. The session ends when a server says so, when no server could be
/// reached for as long as it lives without us, or when the client is disposed.
/// </summary>
internal sealed partial class ZooKeeperClient : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);

    private readonly ClientOptions _options;
    private readonly IDialer _dialer;
    private readonly IClientListener _listener;
    private readonly ILogger _logger;
    private readonly ServerList _servers;
    private readonly SessionTicket _ticket;
    private readonly RequestQueue _queue;
    private readonly WatchSet _watches = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<ServerAddress, string> _failures = [];
    private Task _running = Task.CompletedTask;
    private volatile Link? _link;
    private volatile bool _isClosing;

    private ZooKeeperClient(ClientOptions options, IDialer dialer, IClientListener listener, ILogger logger)
    {
        _options = options;
        _dialer = dialer;
        _listener = listener;
        _logger = logger;
        _servers = new ServerList(options.Connect.Servers, options.NextDouble);
        _ticket = new SessionTicket(options.Time, options.SessionTimeout);
        _queue = new RequestQueue(options.Window, options.Capacity);
    }

    /// <summary>The session's number and password.</summary>
    public SessionTicket Ticket => _ticket;

    /// <summary>What is put before every path.</summary>
    public string Chroot => _options.Connect.Chroot;

    /// <summary>Requests sent so far, pings and watches that were set again not counted.</summary>
    public long RequestsSent => _queue.Sent;

    /// <summary>Opens a session.</summary>
    /// <exception cref="ZooKeeperException">No server could be reached within the session's time; the message says why, for each.</exception>
    public static async Task<ZooKeeperClient> ConnectAsync(
        ClientOptions options, IDialer dialer, IClientListener listener, ILogger logger, CancellationToken ct)
    {
        var client = new ZooKeeperClient(options, dialer, listener, logger);
        client._running = client.RunAsync();
        try
        {
            await client._connected.Task.WaitAsync(ct);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a request; the order of calls is the order of requests.</summary>
    /// <exception cref="ZooKeeperException">It was refused, or not sent, or not answered.</exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled before it was sent, or a read. A write that is on its way is waited for: its caller has to know what became of it.
    /// </exception>
    public async Task<Reply<T>> SendAsync<T>(TypedRequest<T> request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        _queue.Add(request);
        try
        {
            return await request.Done.WaitAsync(_options.RequestTimeout, _options.Time, ct);
        }
        catch (TimeoutException)
        {
            throw GiveUp(request);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            if (request.TryWithdraw())
            {
                request.Fail(NotSent(request));
                throw;
            }

            if (request.IsRepeatable)
            {
                request.Forsake();
                throw;
            }
        }

        try
        {
            return await request.Done.WaitAsync(_options.RequestTimeout, _options.Time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            throw GiveUp(request);
        }
    }

    /// <summary>Sends a request whose answer goes to its <see cref="TypedRequest{T}.Settled"/>.</summary>
    public void Post(Request request) => _queue.Add(request, isLimited: false);

    /// <summary>Watches a node and everything below it, over all connections of the session.</summary>
    public Task WatchRecursivelyAsync(string path, CancellationToken ct)
    {
        _watches.Add(path);
        return SendAsync(Requests.WatchRecursively(path), ct);
    }

    /// <summary>The ensemble has changed. A connection to a server that is no longer part of it is given up.</summary>
    public void SetServers(IReadOnlyList<ServerAddress> servers)
    {
        _servers.Replace(servers);
        if (_link is { } link && !_servers.Contains(link.Server))
        {
            link.Abort($"{link.Server} is no longer one of the servers");
        }
    }

    /// <summary>Breaks the present connection, for tests; the session goes on over another.</summary>
    public void Sever() => _link?.Abort("severed");

    /// <summary>Closes the session: what was asked for before is done first. Without a connection the servers find out later.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isClosing)
        {
            _isClosing = true;
            if (_link is not null)
            {
                var close = Requests.Close();
                _queue.Add(close);
                Task done = Task.WhenAny(close.Done, _running).WaitAsync(FarewellTime, _options.Time);
                await done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }

            await _stop.CancelAsync();
            _link?.Abort("closed");
        }

        await _running;
    }

    private static ZooKeeperException GiveUp(Request request)
    {
        if (request.TryWithdraw())
        {
            var failure = NotSent(request);
            request.Fail(failure);
            return failure;
        }

        request.Forsake();
        return request.IsRepeatable
            ? new ZooKeeperException(ErrorCode.OperationTimeout, request.Path, $"{request.Path}: ZooKeeper did not answer within the time limit")
            : ZooKeeperException.Unknown(ErrorCode.OperationTimeout, request.Op, request.Path, "the time limit has passed");
    }

    private static ZooKeeperException NotSent(Request request) =>
        new(ErrorCode.RequestTimeout, request.Path, $"{request.Path}: ZooKeeper could not be asked within the time limit; nothing was sent");

    private async Task RunAsync()
    {
        var reason = ErrorCode.SessionExpired;
        try
        {
            var dispatch = new MessageDispatch(_queue, _ticket, _listener, _options.Connect.Chroot);
            while (!_isClosing && await ReachAsync() is { } link)
            {
                await using (link)
                {
                    Begin(link);
                    var why = await link.RunAsync(dispatch, _watches);
                    _link = null;
                    _queue.Lost(why);
                    LogEnd(link, why);
                }
            }
        }
        finally
        {
            reason = _isClosing ? ErrorCode.Closing : reason;
            if (!_connected.TrySetException(NotReached()))
            {
                LogOver(_logger, reason, _servers.ToString());
            }

            _listener.Ended(reason);
            _queue.Close(reason);
        }
    }

    private void Begin(Link link)
    {
        _link = link;
        if (_isClosing)
        {
            link.Abort("closed");
        }

        LogConnected(_logger, link.Server, _ticket.Id, _ticket.Timeout.TotalSeconds);
        if (!_connected.TrySetResult())
        {
            // What was under way when the connection was lost may be known to the leader and not yet to this server: whoever
            // wants to know what became of it must not be answered before it is.
            _queue.AddFirst(Requests.Sync());
            _listener.Reconnected();
        }
    }

    private void LogEnd(Link link, Exception why)
    {
        if (!_isClosing)
        {
            LogLost(_logger, link.Server, why.Message);
        }
    }

    /// <summary>A connection on which the session lives; null when the session is over.</summary>
    private async Task<Link?> ReachAsync()
    {
        var pause = FirstPause;
        while (true)
        {
            var left = _ticket.Timeout - _ticket.Silence;
            if (left <= TimeSpan.Zero || _isClosing)
            {
                return null;
            }

            var server = _servers.Next(out var isLast);
            var (link, isExpired) = await TryAsync(server, left);
            if (link is not null || isExpired)
            {
                return link;
            }

            if (isLast)
            {
                var wait = pause * (0.5 + (_options.NextDouble() / 2));
                await Task.Delay(wait < left ? wait : left, _options.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async Task<(Link? Link, bool IsExpired)> TryAsync(ServerAddress server, TimeSpan left)
    {
        // One server that swallows everything must not use up the time in which the others could be reached.
        var share = _ticket.Timeout / Math.Max(3, _servers.Count);
        using var limit = new CancellationTokenSource(share < left ? share : left, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        Link? link = null;
        try
        {
            link = new Link(await _dialer.DialAsync(server, either.Token), server, _ticket, _queue, _options);
            if (await link.ShakeHandsAsync(either.Token))
            {
                _failures.Clear();
                return (link, false);
            }

            await link.DisposeAsync();
            return (null, true);
        }
#pragma warning disable CA1031 // Whatever is wrong with one server or the files for it, another may be reached, or this one later.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (link is not null)
            {
                await link.DisposeAsync();
            }

            // What was cut short because no time is left says less than what was heard before.
            var reason = e is not OperationCanceledException ? e.Message : left <= share && _failures.TryGetValue(server, out var before) ? before : "no answer";
            _failures[server] = reason;
            LogNotReached(_logger, server, reason);
            return (null, false);
        }
    }

    private ZooKeeperException NotReached() => new(
        ErrorCode.ConnectionLoss,
        _servers.ToString(),
        $"no ZooKeeper server can be reached: {string.Join("; ", _failures.OrderBy(one => one.Key.ToString(), StringComparer.Ordinal).Select(one => $"{one.Key}: {one.Value}"))}");

    [LoggerMessage(Level = LogLevel.Debug, Message = "ZooKeeper session 0x{Session:x} is served by {Server}; it lives {Seconds} s without a connection")]
    private static partial void LogConnected(ILogger logger, ServerAddress server, long session, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the connection to ZooKeeper server {Server} is lost: {Reason}; the session is continued over another")]
    private static partial void LogLost(ILogger logger, ServerAddress server, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "ZooKeeper server {Server} cannot be reached: {Reason}")]
    private static partial void LogNotReached(ILogger logger, ServerAddress server, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "the ZooKeeper session is over ({Reason}); servers: {Servers}")]
    private static partial void LogOver(ILogger logger, ErrorCode reason, string servers);
}
