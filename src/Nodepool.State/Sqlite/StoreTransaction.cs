using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Tree;

namespace Nodepool.State.Sqlite;

/// <summary>The connection that writes: one transaction at a time, holding any number of commits.</summary>
internal sealed class StoreTransaction : IDisposable
{
    private const int TrimEvery = 1024;

    private readonly Database _database;
    private readonly Sources _sources;
    private readonly SqliteTuning _tuning;
    private readonly SqliteRows _rows;
    private readonly TreeCommit _commit;
    private readonly Statement _begin;
    private readonly Statement _end;
    private readonly Statement _position;
    private readonly Statement _move;
    private readonly Statement _log;
    private readonly Statement _trim;
    private readonly Statement _hasSession;
    private readonly Statement _addSession;
    private readonly Statement _endSession;
    private long _logged;

    public StoreTransaction(Database database, Sources sources, SqliteTuning tuning)
    {
        _database = database;
        _sources = sources;
        _tuning = tuning;
        _rows = new SqliteRows(database);
        _commit = new TreeCommit(_rows);
        _begin = database.Prepare("BEGIN IMMEDIATE");
        _end = database.Prepare("COMMIT");
        _position = database.Prepare("SELECT position FROM store");
        _move = database.Prepare("UPDATE store SET position = ?1");
        _log = database.Prepare("INSERT INTO change (position, parent, name) VALUES (?1, ?2, ?3)");
        _trim = database.Prepare("DELETE FROM change WHERE id <= (SELECT max(id) FROM change) - ?1");
        _hasSession = database.Prepare("SELECT 1 FROM session WHERE id = ?1");
        _addSession = database.Prepare("INSERT INTO session (pid, started_ms) VALUES (?1, ?2) RETURNING id");
        _endSession = database.Prepare("DELETE FROM session WHERE id = ?1");
        database.LimitWaits(TimeSpan.Zero);
    }

    /// <summary>The store's position after the commits so far.</summary>
    public long Position { get; private set; }

    private long NowMs => _sources.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes the right to write, waiting for the writers of other processes.</summary>
    /// <exception cref="StateException"><see cref="StateFault.Unavailable"/> when they do not let go in time.</exception>
    public void Begin()
    {
        // SQLite's own waiting sleeps up to 100 ms between attempts; a writer here is done within a millisecond.
        var pause = default(SpinWait);
        var since = TimeProvider.System.GetTimestamp();
        while (!_begin.TryRun())
        {
            if (TimeProvider.System.GetElapsedTime(since) > _tuning.BusyLimit)
            {
                throw SqliteFault.Busy(_database.File, "");
            }

            pause.SpinOnce();
        }

        Position = _position.Scalar() ?? 0;
    }

    /// <summary>Adds one commit to the transaction, or nothing when its steps do not fit.</summary>
    public StateException? Apply(IReadOnlyList<Write> writes, long session, out CommitResult result)
    {
        var failure = _commit.TryApply(writes, new Stamp(Position + 1, NowMs, session), out var applied);
        result = applied.Result;
        if (failure is not null)
        {
            return failure;
        }

        Position++;
        foreach (var (path, _) in applied.Changes)
        {
            _log.Bind(1, Position).BindPath(2, path).Run();
        }

        _logged += applied.Changes.Count;
        return null;
    }

    public bool HasSession(long id) => _hasSession.Bind(1, id).Scalar() is not null;

    /// <summary>Adds a session.</summary>
    /// <returns>Its id, never used before in this store.</returns>
    public long AddSession() => _addSession.Bind(1, Environment.ProcessId).Bind(2, NowMs).Scalar() ?? 0;

    /// <summary>Removes a session and, in one commit, all of its ephemeral entries.</summary>
    public void EndSession(long id)
    {
        var owned = _rows.OwnedBy(id);
        if (owned.Count > 0 && Apply(owned.ConvertAll<Write>(path => new Write.Delete(path, Write.AnyVersion)), id, out _) is { } failure)
        {
            throw failure;
        }

        _endSession.Bind(1, id).Run();
    }

    /// <summary>Makes all commits of the transaction lasting and visible together.</summary>
    public void Commit()
    {
        _move.Bind(1, Position).Run();
        if (_logged >= TrimEvery)
        {
            _logged = 0;
            _trim.Bind(1, _tuning.ChangeLogLength).Run();
        }

        _end.Run();
    }

    /// <summary>Undoes the transaction, if one is open: SQLite may have done it already.</summary>
    public void Rollback()
    {
        if (_database.IsInTransaction)
        {
            _database.Execute("ROLLBACK");
        }
    }

    public void Dispose() => _database.Dispose();
}
