using System.Text;
using SQLitePCL;

namespace Nodepool.State.Sqlite;

/// <summary>A compiled statement, used again and again. Parameters count from 1, columns from 0, as in SQLite.</summary>
internal sealed class Statement(Database database, sqlite3_stmt handle) : IDisposable
{
    private const int StackBytes = 768;

    public Statement Bind(int parameter, long value)
    {
        raw.sqlite3_bind_int64(handle, parameter, value);
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        raw.sqlite3_bind_blob(handle, parameter, value);
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<char> value)
    {
        Span<byte> stack = stackalloc byte[StackBytes];
        var bytes = value.Length * 3 <= StackBytes ? stack : new byte[Encoding.UTF8.GetByteCount(value)];
        raw.sqlite3_bind_text(handle, parameter, bytes[..Encoding.UTF8.GetBytes(value, bytes)]);
        return this;
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False when there is none; the statement can be used again then.</returns>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        if (code != raw.SQLITE_DONE)
        {
            var fault = database.FaultOf(code);
            Reset();
            throw fault;
        }

        Reset();
        return false;
    }

    /// <summary>Runs a statement without a result.</summary>
    public void Run()
    {
        if (Step())
        {
            Reset();
        }
    }

    /// <summary>Runs a statement without a result, except when other processes hold the locks it needs.</summary>
    /// <returns>False when it was not run for that reason.</returns>
    public bool TryRun()
    {
        var code = raw.sqlite3_step(handle);
        if ((code & 0xff) is raw.SQLITE_BUSY)
        {
            Reset();
            return false;
        }

        var fault = code is raw.SQLITE_DONE or raw.SQLITE_ROW ? null : database.FaultOf(code);
        Reset();
        return fault is null ? true : throw fault;
    }

    /// <summary>Runs a query for one number.</summary>
    /// <returns>The number, or null when there is no row or it holds none.</returns>
    public long? Scalar()
    {
        if (!Step())
        {
            return null;
        }

        long? value = raw.sqlite3_column_type(handle, 0) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(handle, 0);
        Reset();
        return value;
    }

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string() ?? "";

    public byte[] Blob(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    public void Reset() => raw.sqlite3_reset(handle);

    public void Dispose() => handle.Dispose();
}
