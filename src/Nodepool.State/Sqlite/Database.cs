using Nodepool.Core.State;
using SQLitePCL;

namespace Nodepool.State.Sqlite;

/// <summary>One connection. Used by one thread at a time; its owner sees to that.</summary>
internal sealed class Database : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly List<Statement> _statements = [];

    static Database() => Batteries_V2.Init();

    private Database(sqlite3 handle, string file)
    {
        _handle = handle;
        File = file;
    }

    /// <summary>The store's file, for messages.</summary>
    public string File { get; }

    /// <summary>Whether the file was opened for reading only, by wish or because it may not be written.</summary>
    public bool IsReadOnly => raw.sqlite3_db_readonly(_handle, "main") != 0;

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Opens a connection to a file that exists.</summary>
    /// <param name="file">The file.</param>
    /// <param name="access">How it is opened.</param>
    /// <param name="busyLimit">How long a statement waits for the locks of other processes.</param>
    /// <exception cref="StateException">It cannot be opened.</exception>
    public static Database Open(string file, DatabaseAccess access, TimeSpan busyLimit)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX | raw.SQLITE_OPEN_PRIVATECACHE;
        var name = file;
        if (access == DatabaseAccess.Immutable)
        {
            flags |= raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_URI;
            name = "file:" + Uri.EscapeDataString(file).Replace("%2F", "/", StringComparison.Ordinal) + "?immutable=1";
        }
        else
        {
            flags |= access == DatabaseAccess.ReadOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE;
        }

        var code = raw.sqlite3_open_v2(name, out var handle, flags, null);
        var database = new Database(handle, file);
        if (code != raw.SQLITE_OK)
        {
            var fault = database.FaultOf(code);
            database.Dispose();
            throw fault;
        }

        raw.sqlite3_extended_result_codes(handle, 1);
        raw.sqlite3_busy_timeout(handle, (int)busyLimit.TotalMilliseconds);
        return database;
    }

    /// <summary>How long statements wait for the locks of other processes from now on.</summary>
    public void LimitWaits(TimeSpan busyLimit) => raw.sqlite3_busy_timeout(_handle, (int)busyLimit.TotalMilliseconds);

    /// <summary>Compiles a statement; it lives as long as the connection.</summary>
    public Statement Prepare(string sql)
    {
        const uint Persistent = 1;
        var code = raw.sqlite3_prepare_v3(_handle, sql, Persistent, out var handle);
        if (code != raw.SQLITE_OK)
        {
            throw FaultOf(code);
        }

        var statement = new Statement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Runs statements without parameters and without results.</summary>
    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(_handle, sql);
        if (code != raw.SQLITE_OK)
        {
            throw FaultOf(code);
        }
    }

    /// <summary>The first column of the first row.</summary>
    public string QueryText(string sql)
    {
        using var statement = Once(sql);
        return statement.Step() ? statement.Text(0) : "";
    }

    /// <inheritdoc cref="QueryText"/>
    public long QueryInt64(string sql)
    {
        using var statement = Once(sql);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    /// <summary>What a result code of this connection means.</summary>
    public StateException FaultOf(int code)
    {
        var extended = raw.sqlite3_extended_errcode(_handle);
        return SqliteFault.Of((extended & 0xff) == (code & 0xff) ? extended : code, raw.sqlite3_errmsg(_handle).utf8_to_string(), File);
    }

    public void Dispose()
    {
        _statements.ForEach(statement => statement.Dispose());
        raw.sqlite3_close_v2(_handle);
    }

    private Statement Once(string sql)
    {
        var statement = Prepare(sql);
        _statements.Remove(statement);
        return statement;
    }
}
