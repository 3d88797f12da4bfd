using Nodepool.Core.State;
using Nodepool.State.Tree;

namespace Nodepool.State.Memory;

/// <summary>Rows in a dictionary, with the names below each kept in order.</summary>
internal sealed class MemoryRows : IRowStore
{
    private readonly Dictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<long, HashSet<string>> _owned = [];

    public MemoryRows() => _slots.Add(TreePath.Root, new Slot(Row.Root));

    public Row? Find(string path) => _slots.TryGetValue(path, out var slot) ? slot.Row : null;

    public void Insert(Row row)
    {
        var path = row.Entry.Path;
        _slots.Add(path, new Slot(row));
        var siblings = _slots[TreePath.ParentOf(path)].Names ??= [];
        var name = TreePath.NameOf(path);
        siblings.Insert(~siblings.BinarySearch(name, StringComparer.Ordinal), name);
        Own(row.Entry);
    }

    public void Update(Row row)
    {
        var slot = _slots[row.Entry.Path];
        if (slot.Row.Entry.Owner != row.Entry.Owner)
        {
            Disown(slot.Row.Entry);
            Own(row.Entry);
        }

        slot.Row = row;
    }

    public void UpdateCounters(Row row) => _slots[row.Entry.Path].Row = row;

    public void Delete(Row row)
    {
        var path = row.Entry.Path;
        _slots.Remove(path);
        var siblings = _slots[TreePath.ParentOf(path)].Names!;
        siblings.RemoveAt(siblings.BinarySearch(TreePath.NameOf(path), StringComparer.Ordinal));
        Disown(row.Entry);
    }

    /// <summary>Names of the children in ordinal order.</summary>
    public IReadOnlyList<string> NamesBelow(string path) =>
        _slots.TryGetValue(path, out var slot) && slot.Names is { Count: > 0 } names ? [.. names] : [];

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
        if (_slots.TryGetValue(root, out var slot))
        {
            Collect(root, slot, entries);
        }

        return entries;
    }

    private void Collect(string path, Slot slot, List<Entry> entries)
    {
        entries.Add(slot.Row.Entry);
        foreach (var name in slot.Names ?? [])
        {
            var below = TreePath.Join(path, name);
            Collect(below, _slots[below], entries);
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

    private sealed class Slot(Row row)
    {
        public Row Row { get; set; } = row;

        public List<string>? Names { get; set; }
    }
}
