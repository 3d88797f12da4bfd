using Nodepool.Core.State;
using Nodepool.State.Tree;

namespace Nodepool.State.Watching;

/// <summary>Leaves only the newest change of each entry.</summary>
internal static class ChangeFold
{
    /// <summary>
    /// The newest change of each path, in the order of these newest changes, save that an entry which exists comes after its
    /// parents: a parent that was written again after its child was created would otherwise follow it.
    /// </summary>
    public static List<Change> Fold(IReadOnlyList<Change> changes)
    {
        var last = new Dictionary<string, int>(changes.Count, StringComparer.Ordinal);
        for (var i = 0; i < changes.Count; i++)
        {
            last[changes[i].Path] = i;
        }

        var folded = new List<Change>(last.Count);
        for (var i = 0; i < changes.Count; i++)
        {
            if (last.TryGetValue(changes[i].Path, out var newest) && newest == i)
            {
                Emit(changes, last, i, folded);
            }
        }

        return folded;
    }

    private static void Emit(IReadOnlyList<Change> changes, Dictionary<string, int> last, int index, List<Change> folded)
    {
        var change = changes[index];
        last.Remove(change.Path);
        if (change.Entry is not null)
        {
            for (var above = change.Path; above.Length > 1;)
            {
                above = TreePath.ParentOf(above);
                if (last.TryGetValue(above, out var pending))
                {
                    Emit(changes, last, pending, folded);
                    break;
                }
            }
        }

        folded.Add(change);
    }
}
