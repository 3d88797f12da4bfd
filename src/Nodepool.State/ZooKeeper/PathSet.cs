using Nodepool.State.Tree;

namespace Nodepool.State.ZooKeeper;

/// <summary>The paths that exist below the roots of watches, as far as their events tell, by the entry that they are below. Not thread-safe.</summary>
internal sealed class PathSet
{
    private readonly Dictionary<string, HashSet<string>> _names = new(StringComparer.Ordinal);

    public bool Contains(string path)
    {
        var slash = path.LastIndexOf('/');
        return Above(path, slash, out var names) && names.GetAlternateLookup<ReadOnlySpan<char>>().Contains(path.AsSpan(slash + 1));
    }

    /// <summary>Names of the children of an entry in ordinal order.</summary>
    public IReadOnlyList<string> NamesBelow(string path)
    {
        if (!_names.TryGetValue(path, out var names))
        {
            return [];
        }

        string[] sorted = [.. names];
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted;
    }

    public void Add(string path)
    {
        var slash = path.LastIndexOf('/');
        if (!Above(path, slash, out var names))
        {
            _names.Add(TreePath.ParentOf(path), names = new HashSet<string>(StringComparer.Ordinal));
        }

        names.Add(path[(slash + 1)..]);
    }

    public void Remove(string path)
    {
        var slash = path.LastIndexOf('/');
        if (Above(path, slash, out var names) && names.GetAlternateLookup<ReadOnlySpan<char>>().Remove(path.AsSpan(slash + 1)) && names.Count == 0)
        {
            _names.Remove(TreePath.ParentOf(path));
        }
    }

    public void RemoveBelow(string root)
    {
        foreach (var parent in _names.Keys.Where(parent => TreePath.IsAtOrBelow(parent, root)).ToList())
        {
            _names.Remove(parent);
        }

        Remove(root);
    }

    public void Clear() => _names.Clear();

    private bool Above(string path, int slash, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HashSet<string>? names) =>
        _names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(slash == 0 ? TreePath.Root : path.AsSpan(0, slash), out names);
}
