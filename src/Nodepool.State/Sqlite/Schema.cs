using System.Diagnostics;
using Nodepool.Core.State;

namespace Nodepool.State.Sqlite;

/// <summary>The tables of a store.</summary>
internal static class Schema
{
    /// <summary>Format of the tables, in <c>user_version</c>. A program refuses a store with a greater number.</summary>
    public const int Version = 1;

    /// <summary>Marks the file as a store of this product, in <c>application_id</c>: "npst".</summary>
    public const int ApplicationId = 0x6e707374;

    /// <summary>
    /// The root is the entry with empty parent and name. <c>store.position</c> counts commits. <c>change</c> names what each of
    /// the last commits changed, for watches; its ids have no gaps, which is how a watch finds out that it came too late.
    /// </summary>
    private const string Tables = """
        CREATE TABLE entry (
          id INTEGER PRIMARY KEY,
          parent TEXT NOT NULL,
          name TEXT NOT NULL,
          version INTEGER NOT NULL,
          created_position INTEGER NOT NULL,
          modified_position INTEGER NOT NULL,
          created_ms INTEGER NOT NULL,
          modified_ms INTEGER NOT NULL,
          owner INTEGER NOT NULL,
          children_ever INTEGER NOT NULL,
          children INTEGER NOT NULL,
          data BLOB NOT NULL,
          UNIQUE (parent, name)
        ) STRICT;
        CREATE INDEX entry_owner ON entry (owner) WHERE owner <> 0;
        CREATE TABLE change (
          id INTEGER PRIMARY KEY,
          position INTEGER NOT NULL,
          parent TEXT NOT NULL,
          name TEXT NOT NULL
        ) STRICT;
        CREATE TABLE session (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          pid INTEGER NOT NULL,
          started_ms INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE store (
          id INTEGER PRIMARY KEY CHECK (id = 0),
          position INTEGER NOT NULL
        ) STRICT;
        INSERT INTO entry VALUES (1, '', '', 0, 0, 0, 0, 0, 0, 0, 0, x'');
        INSERT INTO store VALUES (0, 0);
        """;

    /// <summary>Whether the file holds a store that this program can use; reads its header.</summary>
    /// <returns>False when the file is still empty.</returns>
    /// <exception cref="StateException"><see cref="StateFault.Corrupt"/>: it holds something else, or a newer format.</exception>
    public static bool IsPresent(Database database)
    {
        var version = database.QueryInt64("PRAGMA user_version");
        var application = database.QueryInt64("PRAGMA application_id");
        if (version == 0 && application == 0 && database.QueryInt64("SELECT count(*) FROM sqlite_schema") == 0)
        {
            return false;
        }

        if (application != ApplicationId)
        {
            throw SqliteFault.Corrupt(database.File, $"{database.File} is an SQLite database, but not a state store of Nodepool", "");
        }

        return version == Version
            ? true
            : throw new StateException(
                StateFault.Corrupt,
                database.File,
                $"The state store {database.File} has format {version}, this program knows {Version}: use the program version that wrote it, or another file.");
    }

    /// <summary>Makes the tables unless another process was quicker.</summary>
    public static void Create(Database database, TimeSpan busyLimit)
    {
        // The switch to a write-ahead log does not wait when another process is just doing the same.
        using (var toLog = database.Prepare("PRAGMA journal_mode = WAL"))
        {
            var since = Stopwatch.GetTimestamp();
            var pause = default(SpinWait);
            while (!toLog.TryRun())
            {
                if (Stopwatch.GetElapsedTime(since) > busyLimit)
                {
                    throw SqliteFault.Busy(database.File, "");
                }

                pause.SpinOnce();
            }
        }

        database.Execute("BEGIN IMMEDIATE");
        try
        {
            if (!IsPresent(database))
            {
                database.Execute(Tables);
                database.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}");
            }

            database.Execute("COMMIT");
        }
        finally
        {
            if (database.IsInTransaction)
            {
                database.Execute("ROLLBACK");
            }
        }
    }
}
