using Nodepool.Core.State;
using Nodepool.State.Tree;
using Nodepool.State.Watching;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.State.ZooKeeper;

/// <summary>Everything at and below the roots of some watches, read level by level.</summary>
/// <param name="subscriptions">The watches.</param>
/// <param name="position">The newest transaction that was known when it began: whatever is read includes it.</param>
internal sealed class TreeWalk(IReadOnlyList<Subscription> subscriptions, long position)
{
    private readonly List<Change> _found = [];
    private List<string> _below = [];
    private int _missing;

    public long Position { get; } = position;

    public IReadOnlyList<Subscription> Subscriptions { get; } = subscriptions;

    /// <summary>What was found, parents before their children.</summary>
    public IReadOnlyList<Change> Found => _found;

    /// <summary>The roots that no other one is above of: the first level.</summary>
    public List<string> Roots()
    {
        var roots = Subscriptions.Select(one => one.Root).Distinct().ToList();
        var outermost = roots.FindAll(root => !roots.Exists(other => other != root && TreePath.IsAtOrBelow(root, other)));
        _missing = outermost.Count;
        return outermost;
    }

    /// <summary>Takes what was read of a part of a level.</summary>
    /// <returns>The next level when this one is complete, empty at the end; else null.</returns>
    public List<string>? Take(IReadOnlyList<string> paths, NodeRead[] reads)
    {
        for (var i = 0; i < paths.Count; i++)
        {
            if (reads[i].Exists)
            {
                _found.Add(new Change(paths[i], EntryOf.Node(paths[i], reads[i].Data, reads[i].Stat)));
                Array.Sort(reads[i].Children, StringComparer.Ordinal);
                _below.AddRange(reads[i].Children.Select(name => TreePath.Join(paths[i], name)));
            }
        }

        _missing -= paths.Count;
        if (_missing > 0)
        {
            return null;
        }

        var next = _below;
        _below = [];
        _missing = next.Count;
        return next;
    }

    /// <summary>What was found for one of the watches.</summary>
    public IReadOnlyList<Change> FoundFor(Subscription subscription) =>
        Subscriptions.Count == 1 ? _found : _found.FindAll(change => TreePath.IsAtOrBelow(change.Path, subscription.Root));
}
