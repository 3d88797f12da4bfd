using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Locks;
using Nodepool.State.Tree;
using Nodepool.State.Watching;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.State.ZooKeeper;

/// <summary>
/// One session on a store in ZooKeeper (3.6 or newer), which processes of several hosts share, those of other programs among them. Positions are
/// ZooKeeper's transaction numbers. The session outlives lost connections; it ends when it is disposed, or when no server was heard for its
/// time limit.
/// </summary>
public sealed partial class ZooKeeperEngine : IStateEngine, ILockGround, IClientListener
{
    private static readonly TimeSpan SettlePeriod = TimeSpan.FromSeconds(10);

    private readonly LeaseTable _leases = new(tellsInline: false);
    private readonly CancellationTokenSource _ended = new();
    private readonly TreeFollower _follower;
    private readonly LockRecipe _locks;
    private readonly ILogger _logger;
    private Committer? _committer;
    private ZooKeeperClient? _client;
    private ITimer? _settling;

    private ZooKeeperEngine(Sources sources, ILogger logger)
    {
        _logger = logger;
        _follower = new TreeFollower(_leases);
        _locks = new LockRecipe(this, _leases, sources);
    }

    /// <inheritdoc/>
    public CancellationToken SessionEnded => _ended.Token;

    /// <summary>Requests sent to ZooKeeper in this session so far, without pings.</summary>
    public long RequestsSent => Client.RequestsSent;

    // A contender that is alone has the lock, and most are: a look before would be one request more.
    bool ILockGround.LooksFirst => false;

    internal ZooKeeperClient Client => _client ?? throw new InvalidOperationException("The engine is not open yet.");

    /// <summary>Opens a session.</summary>
    /// <param name="settings">Where the store is.</param>
    /// <param name="sources">Ids of lock contenders, the clock of the session and of lock waits, and chance for the order of servers.</param>
    /// <param name="logger">Gets what is worth knowing but nobody's fault.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="StateException"><see cref="StateFault.Unavailable"/>: no server can be reached; the message says why, for each.</exception>
    public static Task<ZooKeeperEngine> OpenAsync(ZooKeeperSettings settings, Sources sources, ILogger logger, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(sources);
        var dialer = new TcpDialer(settings.Tls is { } files ? new TlsHandshake(files) : null, sources.Random.NextDouble);
        var options = new ClientOptions(Parse(settings.Servers), sources.Time, sources.Random.NextDouble) { SessionTimeout = settings.SessionTimeout };
        return OpenAsync(options, dialer, sources, logger, ct);
    }

    /// <summary>The servers have changed; the session goes on, over one of the new ones.</summary>
    /// <param name="servers">As in <see cref="ZooKeeperSettings.Servers"/>.</param>
    /// <returns>False when the new ones have another chroot: that is another store, and needs a session of its own.</returns>
    public bool TryUseServers(string servers)
    {
        var connect = Parse(servers);
        if (connect.Chroot != Client.Chroot)
        {
            return false;
        }

        Client.SetServers(connect.Servers);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<Entry?> GetAsync(string path, CancellationToken ct)
    {
        TreePath.Require(path);
        var (read, _) = await AskAsync(path, Requests.GetData(path), ct);
        return read.Exists ? EntryOf.Node(path, read.Data, read.Stat) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken ct)
    {
        TreePath.Require(path);
        return (await ListAtAsync(path, ct)).Names;
    }

    /// <inheritdoc cref="IStateEngine.CommitAsync"/>
    public ValueTask<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken ct)
    {
        TreeCommit.Require(writes);
        return _ended.IsCancellationRequested
            ? ValueTask.FromException<CommitResult>(SessionFault.Ended(writes.Count > 0 ? writes[0].Path : TreePath.Root))
            : ct.IsCancellationRequested ? ValueTask.FromCanceled<CommitResult>(ct)
            : new ValueTask<CommitResult>(_committer!.CommitAsync(writes, ct));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ChangeBatch> WatchAsync(string root, CancellationToken ct)
    {
        TreePath.Require(root);
        return ReadAsync(root, ct);
    }

    /// <inheritdoc/>
    public ValueTask<ILease?> TryLockAsync(string directory, LockOptions options, CancellationToken ct)
    {
        TreePath.Require(directory);
        ct.ThrowIfCancellationRequested();
        return _locks.TryLockAsync(directory, options, ct);
    }

    /// <summary>Ends the session: what was committed before is stored, its ephemeral entries are gone when this completes, if a server can be reached.</summary>
    public async ValueTask DisposeAsync()
    {
        End();
        if (_settling is { } settling)
        {
            await settling.DisposeAsync();
        }

        if (_client is { } client)
        {
            await client.DisposeAsync();
        }
    }

    ValueTask ILockGround.FollowAsync(string directory, CancellationToken ct)
    {
        // The watch is asked for before the contender is: the server sets it before it makes the entry.
        _follower.Cover(directory);
        return ValueTask.CompletedTask;
    }

    // What a watch knows need not be asked for.
    ValueTask<(long Position, IReadOnlyList<string> Names)> ILockGround.ListAtAsync(string directory, CancellationToken ct) =>
        _follower.ListAt(directory) is { } known && !_ended.IsCancellationRequested ? new(known) : ListAtAsync(directory, ct);

    ValueTask<(long Position, IReadOnlyList<string> Names)> ILockGround.ReadAtAsync(string directory, CancellationToken ct) => ListAtAsync(directory, ct);

    ValueTask<bool> ILockGround.DropDeadAsync(string directory, CancellationToken ct) => new(false);

    IAsyncEnumerable<ChangeBatch> ILockGround.WatchForReleaseAsync(string directory, CancellationToken ct) => ReadAsync(directory, ct);

    void IClientListener.Happened(WatchEvent happening) => _follower.Happened(happening);

    void IClientListener.Answered() => _follower.Advance();

    void IClientListener.Reconnected()
    {
        if (_client is not null)
        {
            _follower.Restart();
            _ = CheckLeasesAsync();
            _ = SettleAsync();
        }
    }

    void IClientListener.Ended(ErrorCode reason)
    {
        if (reason == ErrorCode.SessionExpired && _client is not null && !_ended.IsCancellationRequested)
        {
            LogExpired(_logger);
        }

        End();
    }

    internal static async Task<ZooKeeperEngine> OpenAsync(ClientOptions options, IDialer dialer, Sources sources, ILogger logger, CancellationToken ct)
    {
        var engine = new ZooKeeperEngine(sources, logger);
        try
        {
            var client = await ZooKeeperClient.ConnectAsync(options, dialer, engine, logger, ct);
            engine.Attach(client, options.Time);
            await MakeChrootAsync(client, options.Connect.Chroot, ct);
            return engine;
        }
        catch (ZooKeeperException e)
        {
            await engine.DisposeAsync();
            throw ZooKeeperFault.Of(e);
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    private static ConnectString Parse(string servers)
    {
        try
        {
            return ConnectString.Parse(servers);
        }
        catch (FormatException e)
        {
            throw new StateException(StateFault.Unavailable, servers, $"The ZooKeeper servers cannot be understood: {e.Message}.", e);
        }
    }

    private static async Task MakeChrootAsync(ZooKeeperClient client, string chroot, CancellationToken ct)
    {
        if (chroot.Length == 0 || (await client.SendAsync(Requests.Exists(TreePath.Root), ct)).Value.Exists)
        {
            return;
        }

        for (var end = chroot.IndexOf('/', 1); ; end = chroot.IndexOf('/', end + 1))
        {
            await client.SendAsync(Requests.MakeOutside(end < 0 ? chroot : chroot[..end]), ct);
            if (end < 0)
            {
                return;
            }
        }
    }

    private void Attach(ZooKeeperClient client, TimeProvider time)
    {
        _committer = new Committer(client, _follower, new StoreClock(time));
        _follower.Attach(client);
        _client = client;
        _settling = time.CreateTimer(_ => _ = SettleAsync(), null, SettlePeriod, SettlePeriod);
    }

    private async ValueTask<(long Position, IReadOnlyList<string> Names)> ListAtAsync(string directory, CancellationToken ct)
    {
        var (names, zxid) = await AskAsync(directory, Requests.GetChildren(directory), ct);
        if (names is null)
        {
            return (zxid, []);
        }

        Array.Sort(names, StringComparer.Ordinal);
        return (zxid, names);
    }

    private async Task<Reply<T>> AskAsync<T>(string path, TypedRequest<T> request, CancellationToken ct)
    {
        if (_ended.IsCancellationRequested)
        {
            throw SessionFault.Ended(path);
        }

        try
        {
            return await Client.SendAsync(request, ct);
        }
        catch (ZooKeeperException e)
        {
            throw ZooKeeperFault.Of(e);
        }
    }

    private async IAsyncEnumerable<ChangeBatch> ReadAsync(string root, [EnumeratorCancellation] CancellationToken ct)
    {
        if (_ended.IsCancellationRequested)
        {
            throw SessionFault.Ended(root);
        }

        var subscription = new Subscription(root);
        _follower.Subscribe(subscription);
        try
        {
            await foreach (var batch in subscription.ReadAsync(ct))
            {
                yield return batch;
            }
        }
        finally
        {
            _follower.Unsubscribe(subscription);
        }
    }

    /// <summary>Removals may have been missed while there was no connection.</summary>
    private async Task CheckLeasesAsync()
    {
        var paths = _leases.Paths();
        try
        {
            var gone = new HashSet<string>(StringComparer.Ordinal);
            foreach (var part in paths.Chunk(64))
            {
                var (reads, _) = await Client.SendAsync(Requests.ReadMany(part, withChildren: false), CancellationToken.None);
                gone.UnionWith(part.Where((_, i) => !reads[i].Exists));
            }

            _leases.Resync(path => !gone.Contains(path));
        }
        catch (ZooKeeperException)
        {
            // The next connection looks again, or the session is over and all leases with it.
        }
    }

    private async Task SettleAsync()
    {
        try
        {
            await _locks.SettleAsync();
        }
        catch (StateException)
        {
            // It is tried again.
        }
    }

    private void End()
    {
        if (!_ended.IsCancellationRequested)
        {
            _leases.Cancel(_ended);
            _leases.EndAll();
        }

        _follower.End();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "the ZooKeeper session has expired: no server was reached within its time limit, or it was ended by somebody")]
    private static partial void LogExpired(ILogger logger);
}
