using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Locks;
using Nodepool.State.Tree;
using Nodepool.State.Watching;

namespace Nodepool.State.Sqlite;

/// <summary>
/// One session on a store in an SQLite file, which several processes of one host share. The session ends when it is disposed or
/// with its process, however that ends. What a commit returned survives the death of any process; a power failure may take the
/// last commits away, never a part of one (<c>docs/decisions/0002-sqlite-durability.md</c>).
/// </summary>
public sealed partial class SqliteEngine : IStateEngine, ILockGround
{
    private readonly StoreFile _store;
    private readonly SqliteWriter _writer;
    private readonly Follower _follower;
    private readonly SessionFiles _files;
    private readonly Bell _bell;
    private readonly LeaseTable _leases = new(tellsInline: false);
    private readonly LockRecipe _locks;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _reading = new();
    private readonly bool _isReadOnly;
    private SqliteReader? _reader;
    private Task? _reaping;
    private int _closed;

    private SqliteEngine(StoreFile store, Database database, Sources sources, SqliteTuning tuning, ILogger logger)
    {
        _store = store;
        _logger = logger;
        _isReadOnly = database.IsReadOnly;
        _files = new SessionFiles(store);
        _bell = new Bell(store, logger);
        _locks = new LockRecipe(this, _leases, sources);
        _writer = new SqliteWriter(new StoreTransaction(database, sources, tuning), _files, _bell) { SessionLost = OnLost };
        _follower = new Follower(() => new SqliteReader(store.Connect()), _leases, _bell, tuning, logger) { Rounds = GoRounds };
        _writer.Committed = _follower.OwnCommit;
    }

    /// <inheritdoc/>
    public CancellationToken SessionEnded => _ended.Token;

    bool ILockGround.LooksFirst => true;

    /// <summary>Id of the session: the owner of its ephemeral entries; 0 as long as it has made none.</summary>
    internal long SessionId => _writer.Session;

    /// <summary>Opens a session; the file and its directory are made when they are missing, for this user only.</summary>
    /// <param name="path">The store's file.</param>
    /// <param name="sources">Ids of lock contenders, the times in entries and the clock of lock waits.</param>
    /// <param name="logger">Gets what is worth knowing but nobody's fault.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="StateException">
    /// <see cref="StateFault.Corrupt"/>, <see cref="StateFault.NoSpace"/>, <see cref="StateFault.ReadOnly"/> or
    /// <see cref="StateFault.Unavailable"/>, each naming the file and the remedy. A file that exists and cannot be written is
    /// opened all the same; its commits fail.
    /// </exception>
    public static Task<SqliteEngine> OpenAsync(string path, Sources sources, ILogger logger, CancellationToken ct) =>
        OpenAsync(path, sources, SqliteTuning.Default, logger, ct);

    /// <inheritdoc/>
    public ValueTask<Entry?> GetAsync(string path, CancellationToken ct)
    {
        TreePath.Require(path);
        return Read(path, reader => reader.Find(path), ct);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken ct)
    {
        TreePath.Require(path);
        return Read<IReadOnlyList<string>>(path, reader => reader.NamesBelow(path), ct);
    }

    /// <inheritdoc cref="IStateEngine.CommitAsync"/>
    public ValueTask<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken ct)
    {
        TreeCommit.Require(writes);
        var job = new CommitJob(writes, ct);
        return _ended.IsCancellationRequested || !_writer.TryAdd(job)
            ? ValueTask.FromException<CommitResult>(SessionFault.Ended(writes.Count > 0 ? writes[0].Path : _store.Path))
            : new ValueTask<CommitResult>(job.Done);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ChangeBatch> WatchAsync(string root, CancellationToken ct)
    {
        TreePath.Require(root);
        return WatchAsync(root, isWaiter: false, ct);
    }

    /// <inheritdoc/>
    public ValueTask<ILease?> TryLockAsync(string directory, LockOptions options, CancellationToken ct)
    {
        TreePath.Require(directory);
        return _locks.TryLockAsync(directory, options, ct);
    }

    /// <summary>Ends the session: what was committed before is stored, its ephemeral entries are gone when this completes.</summary>
    public ValueTask DisposeAsync() => CloseAsync(_writer.StopAsync);

    ValueTask ILockGround.FollowAsync(string directory, CancellationToken ct) => new(_follower.FollowAsync().WaitAsync(ct));

    ValueTask<(long Position, IReadOnlyList<string> Names)> ILockGround.ListAtAsync(string directory, CancellationToken ct) =>
        Read<(long, IReadOnlyList<string>)>(directory, reader => reader.AtOneMoment(() => (reader.Position(), reader.NamesBelow(directory))), ct);

    async ValueTask<bool> ILockGround.DropDeadAsync(string directory, CancellationToken ct)
    {
        var owners = await Read(directory, reader => reader.OwnersBelow(directory), ct);
        return await ReapAsync(owners);
    }

    IAsyncEnumerable<ChangeBatch> ILockGround.WatchForReleaseAsync(string directory, CancellationToken ct) =>
        WatchAsync(directory, isWaiter: true, ct);

    internal static async Task<SqliteEngine> OpenAsync(string path, Sources sources, SqliteTuning tuning, ILogger logger, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var (store, database) = StoreFile.Open(path, tuning);
        var engine = new SqliteEngine(store, database, sources, tuning, logger);
        engine._writer.Start();
        engine._follower.Start();
        try
        {
            await engine.ReapAsync(await engine.Read(store.Path, reader => reader.Sessions(), ct));
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }

        return engine;
    }

    /// <summary>Ends the session as <c>kill -9</c> of its process would, for tests.</summary>
    internal ValueTask AbandonAsync() => CloseAsync(_writer.AbandonAsync);

    private async ValueTask CloseAsync(Func<Task> stopWriter)
    {
        OnEnded();
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        await _follower.StopAsync();
        await stopWriter();
        _bell.Dispose();
        lock (_reading)
        {
            _reader?.Dispose();
        }
    }

    private ValueTask<T> Read<T>(string path, Func<SqliteReader, T> read, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(ct);
        }

        lock (_reading)
        {
            if (_ended.IsCancellationRequested)
            {
                return ValueTask.FromException<T>(SessionFault.Ended(path));
            }

            try
            {
                return new ValueTask<T>(read(_reader ??= new SqliteReader(_store.Connect())));
            }
            catch (StateException e)
            {
                return ValueTask.FromException<T>(e);
            }
        }
    }

    private async IAsyncEnumerable<ChangeBatch> WatchAsync(string root, bool isWaiter, [EnumeratorCancellation] CancellationToken ct)
    {
        if (_ended.IsCancellationRequested)
        {
            throw SessionFault.Ended(root);
        }

        using var waiting = isWaiter ? _follower.Waiting() : null;
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

    private void OnEnded()
    {
        if (!_ended.IsCancellationRequested)
        {
            _leases.Cancel(_ended);
            _leases.EndAll();
        }
    }

    /// <summary>The store has lost the session although its process lives: its files were removed, or the store was replaced.</summary>
    private void OnLost()
    {
        if (!_ended.IsCancellationRequested)
        {
            LogLost(_logger, _store.Path);
            OnEnded();
            _ = _follower.StopAsync();
        }
    }

    private void GoRounds(SqliteReader reader)
    {
        var mine = _writer.Session;
        var sessions = reader.Sessions();
        if (!File.Exists(_store.Path) || (mine != 0 && (!sessions.Contains(mine) || !_files.Exists(mine))))
        {
            OnLost();
            return;
        }

        if (_reaping is null or { IsCompleted: true })
        {
            _reaping = ReapAsync(sessions);
        }

        _ = _locks.SettleAsync().AsTask();
    }

    /// <summary>Ends those of the sessions whose processes are dead. A store that cannot be written now is tidied up later.</summary>
    private async Task<bool> ReapAsync(List<long> sessions)
    {
        var dead = sessions.FindAll(id => id != _writer.Session && _files.IsDead(id));
        var job = new ReapJob(dead, _files);
        if (dead.Count == 0 || _isReadOnly || !_writer.TryAdd(job))
        {
            return false;
        }

        try
        {
            return await job.Done > 0;
        }
        catch (StateException e)
        {
            LogUntidy(_logger, e.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The session with {Store} is lost: its files were removed or replaced while it was open")]
    private static partial void LogLost(ILogger logger, string store);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Sessions of dead processes could not be ended yet: {Reason}")]
    private static partial void LogUntidy(ILogger logger, string reason);
}
