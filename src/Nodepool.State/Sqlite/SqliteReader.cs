using Nodepool.Core.State;
using Nodepool.State.Tree;

namespace Nodepool.State.Sqlite;

/// <summary>
/// A connection that reads. Readers never wait for writers. Used by one thread at a time.
/// </summary>
internal sealed class SqliteReader(Database database) : IDisposable
{
    private readonly Statement _begin = database.Prepare("BEGIN");
    private readonly Statement _end = database.Prepare("COMMIT");
    private readonly Statement _dataVersion = database.Prepare("PRAGMA data_version");
    private readonly Statement _position = database.Prepare("SELECT position FROM store");
    private readonly Statement _firstChange = database.Prepare("SELECT min(id) FROM change");
    private readonly Statement _lastChange = database.Prepare("SELECT max(id) FROM change");
    private readonly Statement _sessions = database.Prepare("SELECT id FROM session");
    private readonly Statement _owners = database.Prepare("SELECT DISTINCT owner FROM entry WHERE parent = ?1 AND owner <> 0");
    private readonly Statement _list = database.Prepare("SELECT name FROM entry WHERE parent = ?1 ORDER BY name");
    private readonly Statement _find = database.Prepare($"SELECT {EntryColumns.List} FROM entry e WHERE e.parent = ?1 AND e.name = ?2");

    private readonly Statement _below = database.Prepare(
        $"SELECT e.parent, e.name, {EntryColumns.List} FROM entry e WHERE e.parent = ?1 OR (e.parent >= ?2 AND e.parent < ?3)");

    private readonly Statement _changes = database.Prepare(
        $"SELECT c.parent, c.name, e.id, {EntryColumns.List} FROM change c LEFT JOIN entry e ON e.parent = c.parent AND e.name = c.name "
        + "WHERE c.id > ?1 ORDER BY c.id");

    /// <summary>A number that changes when another connection, of this process or another, has committed.</summary>
    public long DataVersion() => _dataVersion.Scalar() ?? 0;

    /// <summary>Everything that is read by <paramref name="read"/> is of one moment.</summary>
    public T AtOneMoment<T>(Func<T> read)
    {
        _begin.Run();
        try
        {
            return read();
        }
        finally
        {
            if (database.IsInTransaction)
            {
                _end.Run();
            }
        }
    }

    public long Position() => _position.Scalar() ?? 0;

    /// <summary>Ids of the oldest and the newest change in the log; both 0 when it is empty.</summary>
    public (long First, long Last) ChangeLog() => (_firstChange.Scalar() ?? 0, _lastChange.Scalar() ?? 0);

    public Entry? Find(string path)
    {
        if (!_find.BindPath(1, path).Step())
        {
            return null;
        }

        var entry = EntryColumns.Read(_find, 0, path);
        _find.Reset();
        return entry;
    }

    /// <summary>Names of the children: the order of UTF-8 bytes is the ordinal one for all characters that a path may hold.</summary>
    public List<string> NamesBelow(string path)
    {
        var names = new List<string>();
        _list.Bind(1, path);
        while (_list.Step())
        {
            names.Add(_list.Text(0));
        }

        return names;
    }

    /// <summary>All entries at and below a path, parents before their children.</summary>
    public List<Change> Snapshot(string root)
    {
        var all = new List<Change>();
        if (Find(root) is not { } top)
        {
            return all;
        }

        all.Add(new Change(root, top));
        var prefix = root == TreePath.Root ? root : root + "/";
        _below.Bind(1, root).Bind(2, prefix).Bind(3, prefix[..^1] + (char)('/' + 1));
        while (_below.Step())
        {
            var path = EntryColumns.PathOf(_below.Text(0), _below.Text(1));
            all.Add(new Change(path, EntryColumns.Read(_below, 2, path)));
        }

        all.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return all;
    }

    /// <summary>What was changed after the change with this id, in the order of the log; each with the entry as it is now.</summary>
    public List<Change> ChangesSince(long id)
    {
        var changes = new List<Change>();
        _changes.Bind(1, id);
        while (_changes.Step())
        {
            var path = EntryColumns.PathOf(_changes.Text(0), _changes.Text(1));
            changes.Add(new Change(path, _changes.IsNull(2) ? null : EntryColumns.Read(_changes, 3, path)));
        }

        return changes;
    }

    /// <summary>Ids of the sessions that have not ended in order, living or dead.</summary>
    public List<long> Sessions() => Ids(_sessions);

    /// <summary>Ids of the sessions that own children of a path.</summary>
    public List<long> OwnersBelow(string path) => Ids(_owners.Bind(1, path));

    public void Dispose() => database.Dispose();

    private static List<long> Ids(Statement statement)
    {
        var ids = new List<long>();
        while (statement.Step())
        {
            ids.Add(statement.Int64(0));
        }

        return ids;
    }
}
