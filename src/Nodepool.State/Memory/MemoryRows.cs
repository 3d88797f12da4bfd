using Nodepool.Core.State;
using Nodepool.State.Tree;

namespace Nodepool.State.Memory;

/// <summary>
/// Rows in a dictionary, and the names below each path in order. A commit's rows arrive in no particular order, a child perhaps
/// before its parent: nothing here depends on it.
/// </summary>
internal sealed class MemoryRows : IRowStore
{
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal) { [TreePath.Root] = Row.Root };
    private readonly Dictionary<string, List<string>> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<long, HashSet<string>> _owned = [];

    public Row? Find(string path) => _rows.GetValueOrDefault(path);

    public void Insert(Row row)
    {
        var path = row.Entry.Path;
        _rows.Add(path, row);
        var parent = TreePath.ParentOf(path);
        if (!_names.TryGetValue(parent, out var names))
        {
            _names.Add(parent, names = []);
        }

        var name = TreePath.NameOf(path);
        names.Insert(~names.BinarySearch(name, StringComparer.Ordinal), name);
        Own(row.Entry);
    }

    public void Update(Row row)
    {
        Disown(_rows[row.Entry.Path].Entry);
        _rows[row.Entry.Path] = row;
        Own(row.Entry);
    }

    public void UpdateCounters(Row row) => _rows[row.Entry.Path] = row;

    public void Delete(Row row)
    {
        var path = row.Entry.Path;
        _rows.Remove(path);
        var parent = TreePath.ParentOf(path);
        var names = _names[parent];
        names.RemoveAt(names.BinarySearch(TreePath.NameOf(path), StringComparer.Ordinal));
        if (names.Count == 0)
        {
            _names.Remove(parent);
        }

        Disown(row.Entry);
    }

    /// <summary>Names of the children in ordinal order.</summary>
    public IReadOnlyList<string> NamesBelow(string path) => _names.TryGetValue(path, out var names) ? [.. names] : [];

    /// <summary>Paths of the ephemeral entries of a session in ordinal order.</summary>
    public List<string> OwnedBy(long session)
    {
        List<string> paths = _owned.TryGetValue(session, out var owned) ? [.. owned] : [];
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    /// <summary>All entries at and below <paramref name="root"/>, parents before their children.</summary>
    public List<Entry> Snapshot(string root)
    {
        var entries = new List<Entry>();
        if (_rows.TryGetValue(root, out var row))
        {
            Collect(row, entries);
        }

        return entries;
    }

    private void Collect(Row row, List<Entry> entries)
    {
        entries.Add(row.Entry);
        if (_names.TryGetValue(row.Entry.Path, out var names))
        {
            foreach (var name in names)
            {
                Collect(_rows[TreePath.Join(row.Entry.Path, name)], entries);
            }
        }
    }

    private void Own(Entry entry)
    {
        if (!entry.IsEphemeral)
        {
            return;
        }

        if (!_owned.TryGetValue(entry.Owner, out var owned))
        {
            _owned.Add(entry.Owner, owned = new HashSet<string>(StringComparer.Ordinal));
        }

        owned.Add(entry.Path);
    }

    private void Disown(Entry entry)
    {
        if (entry.IsEphemeral && _owned.TryGetValue(entry.Owner, out var owned))
        {
            owned.Remove(entry.Path);
            if (owned.Count == 0)
            {
                _owned.Remove(entry.Owner);
            }
        }
    }
}
