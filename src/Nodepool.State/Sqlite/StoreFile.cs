using Nodepool.Core.State;

namespace Nodepool.State.Sqlite;

/// <summary>The file of a store and how connections to it are made.</summary>
internal sealed class StoreFile
{
    private static readonly TimeSpan SetupLimit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Closing any handle of a file drops this process's POSIX locks on it, SQLite's too: so nobody here may make the file while
    /// somebody else has it open already.
    /// </summary>
    private static readonly Lock Opening = new();

    private readonly DatabaseAccess _access;
    private readonly SqliteTuning _tuning;

    private StoreFile(string path, DatabaseAccess access, SqliteTuning tuning)
    {
        Path = path;
        _access = access;
        _tuning = tuning;
    }

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>Directory of the files that stand for sessions.</summary>
    public string SessionDirectory => Path + "-sessions";

    /// <summary>Finds the file, or makes it, readable for its owner only.</summary>
    /// <returns>The file and its first connection.</returns>
    /// <exception cref="StateException">It can be neither written nor read, or is not a store.</exception>
    public static (StoreFile File, Database Database) Open(string path, SqliteTuning tuning)
    {
        path = System.IO.Path.GetFullPath(path);
        lock (Opening)
        {
            Make(path);
            return OpenExisting(path, tuning);
        }
    }

    /// <summary>A further connection, for reading.</summary>
    public Database Connect()
    {
        var database = Database.Open(Path, _access, _tuning.BusyLimit);
        database.Execute("PRAGMA query_only = 1; PRAGMA cache_size = -8000");
        return database;
    }

    private static (StoreFile File, Database Database) OpenExisting(string path, SqliteTuning tuning)
    {
        var failure = Try(path, DatabaseAccess.ReadWrite, tuning, out var file, out var database);
        if (failure?.Fault is StateFault.ReadOnly or StateFault.Unavailable)
        {
            if (Try(path, DatabaseAccess.ReadOnly, tuning, out file, out database) is null)
            {
                return (file, database);
            }

            if (HasJournal(path))
            {
                throw new StateException(
                    StateFault.ReadOnly,
                    path,
                    $"The state store {path} was not closed properly and what is in {path}-wal cannot be taken over here; "
                    + "make its directory writable and open it once.",
                    failure);
            }

            // Without a journal the file itself is complete, so nothing is missed by looking at nothing else.
            if (Try(path, DatabaseAccess.Immutable, tuning, out file, out database) is null)
            {
                return (file, database);
            }
        }

        return failure is null ? (file, database) : throw failure;
    }

    private static StateException? Try(string path, DatabaseAccess access, SqliteTuning tuning, out StoreFile file, out Database database)
    {
        file = new StoreFile(path, access, tuning);
        database = null!;
        try
        {
            database = Database.Open(path, access, SetupLimit);
            if (!Schema.IsPresent(database))
            {
                Schema.Create(database, SetupLimit);
            }

            database.Execute("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8000; PRAGMA journal_size_limit = 67108864");
            if (tuning.MostPages > 0)
            {
                database.Execute($"PRAGMA max_page_count = {tuning.MostPages}");
            }

            return null;
        }
        catch (StateException e)
        {
            database?.Dispose();
            return e;
        }
    }

    private static void Make(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        if (Directory.Exists(path))
        {
            throw new StateException(StateFault.Unavailable, path, $"The state store {path} is a directory; name a file.");
        }

        try
        {
            OwnFiles.MakeDirectory(System.IO.Path.GetDirectoryName(path)!);
            OwnFiles.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteFault.OfMaking(e, path);
        }
    }

    private static bool HasJournal(string path) => new FileInfo(path + "-wal") is { Exists: true, Length: > 0 };
}
