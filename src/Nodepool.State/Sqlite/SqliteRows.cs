using Nodepool.Core.State;
using Nodepool.State.Tree;

namespace Nodepool.State.Sqlite;

/// <summary>Rows in the table <c>entry</c>, on the writer's connection.</summary>
internal sealed class SqliteRows(Database database) : IRowStore
{
    private readonly Statement _find = database.Prepare(
        $"SELECT {EntryColumns.List}, e.children_ever, e.children FROM entry e WHERE e.parent = ?1 AND e.name = ?2");

    private readonly Statement _insert = database.Prepare(
        "INSERT INTO entry (parent, name, version, created_position, modified_position, created_ms, modified_ms, owner, children_ever, children, data) "
        + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");

    private readonly Statement _update = database.Prepare(
        "UPDATE entry SET version = ?3, created_position = ?4, modified_position = ?5, created_ms = ?6, modified_ms = ?7, owner = ?8, "
        + "children_ever = ?9, children = ?10, data = ?11 WHERE parent = ?1 AND name = ?2");

    private readonly Statement _counters = database.Prepare(
        "UPDATE entry SET children_ever = ?3, children = ?4 WHERE parent = ?1 AND name = ?2");

    private readonly Statement _delete = database.Prepare("DELETE FROM entry WHERE parent = ?1 AND name = ?2");

    private readonly Statement _owned = database.Prepare("SELECT parent, name FROM entry WHERE owner = ?1 AND owner <> 0 ORDER BY parent, name");

    public Row? Find(string path)
    {
        if (!_find.BindPath(1, path).Step())
        {
            return null;
        }

        var row = new Row(EntryColumns.Read(_find, 0, path), _find.Int64(7), _find.Int64(8));
        _find.Reset();
        return row;
    }

    public void Insert(Row row) => BindAll(_insert, row).Run();

    public void Update(Row row) => BindAll(_update, row).Run();

    public void UpdateCounters(Row row) => _counters.BindPath(1, row.Entry.Path).Bind(3, row.ChildrenEver).Bind(4, row.Children).Run();

    public void Delete(Row row) => _delete.BindPath(1, row.Entry.Path).Run();

    /// <summary>Paths of the ephemeral entries of a session.</summary>
    public List<string> OwnedBy(long session)
    {
        var paths = new List<string>();
        _owned.Bind(1, session);
        while (_owned.Step())
        {
            paths.Add(EntryColumns.PathOf(_owned.Text(0), _owned.Text(1)));
        }

        return paths;
    }

    private static Statement BindAll(Statement statement, Row row)
    {
        Entry entry = row.Entry;
        return statement.BindPath(1, entry.Path)
            .Bind(3, entry.Version)
            .Bind(4, entry.CreatedPosition)
            .Bind(5, entry.ModifiedPosition)
            .Bind(6, entry.CreatedMs)
            .Bind(7, entry.ModifiedMs)
            .Bind(8, entry.Owner)
            .Bind(9, row.ChildrenEver)
            .Bind(10, row.Children)
            .Bind(11, entry.Data.Span);
    }
}
