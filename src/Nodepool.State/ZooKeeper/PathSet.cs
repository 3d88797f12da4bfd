using Nodepool.State.Tree;

namespace Nodepool.State.ZooKeeper;

/// <summary>The paths that exist below the roots of watches, as far as their events tell. Not thread-safe.</summary>
internal sealed class PathSet
{
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    public bool Contains(string path) => _paths.Contains(path);

    public void Add(string path) => _paths.Add(path);

    public void Remove(string path) => _paths.Remove(path);

    public void RemoveBelow(string root) => _paths.RemoveWhere(path => TreePath.IsAtOrBelow(path, root));

    public void Clear() => _paths.Clear();
}
