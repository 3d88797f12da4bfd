using Nodepool.Core.State;
using Nodepool.State.Tree;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.State.ZooKeeper;

/// <summary>What events have named up to a moment, becoming changes: those that are not known yet are read, all at once.</summary>
/// <param name="marks">What events have named, in their order.</param>
/// <param name="position">The newest transaction whose events are all among them or before.</param>
internal sealed class ReadRound(List<ChangeMark> marks, long position)
{
    private readonly Dictionary<string, Entry?> _read = new(StringComparer.Ordinal);

    public long Position { get; } = position;

    /// <summary>What has to be read.</summary>
    public List<string> Open { get; } = [.. marks.Where(mark => mark.IsOpen).Select(mark => mark.Path)];

    /// <summary>Takes what was read.</summary>
    /// <returns>Whether nothing is missing any more.</returns>
    public bool Take(IReadOnlyList<string> paths, NodeRead[] reads)
    {
        for (var i = 0; i < paths.Count; i++)
        {
            _read[paths[i]] = reads[i].Exists ? EntryOf.Node(paths[i], reads[i].Data, reads[i].Stat) : null;
        }

        return _read.Count == Open.Count;
    }

    /// <summary>The changes, in the order of the newest events.</summary>
    public List<Change> Changes()
    {
        var changes = new List<Change>(marks.Count);
        foreach (var mark in marks)
        {
            var entry = mark.IsOpen ? _read[mark.Path] : mark.Entry;
            if (entry is null || !HasLostParent(mark.Path))
            {
                changes.Add(new Change(mark.Path, entry));
            }
        }

        return changes;
    }

    /// <summary>
    /// The entries were not read at one moment. When one is there whose parent was not, both were made again in between, and events that come in
    /// the next round tell both.
    /// </summary>
    private bool HasLostParent(string path)
    {
        if (_read.Count == 0)
        {
            return false;
        }

        for (var above = TreePath.ParentOf(path); above.Length > 1; above = TreePath.ParentOf(above))
        {
            if (_read.TryGetValue(above, out var parent))
            {
                return parent is null;
            }
        }

        return false;
    }
}
