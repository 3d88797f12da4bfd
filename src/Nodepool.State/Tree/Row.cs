using Nodepool.Core.State;

namespace Nodepool.State.Tree;

/// <summary>An entry with what the tree must remember of its children.</summary>
/// <param name="Entry">The entry as readers see it.</param>
/// <param name="ChildrenEver">Number of children ever created: the next sequential number.</param>
/// <param name="Children">Number of children that exist.</param>
internal sealed record Row(Entry Entry, long ChildrenEver, long Children)
{
    /// <summary>The row of the root, which exists in every store from the beginning.</summary>
    public static Row Root { get; } = new(new Entry(TreePath.Root, ReadOnlyMemory<byte>.Empty, 0, 0, 0, 0, 0, 0), 0, 0);
}
