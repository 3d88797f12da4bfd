using Nodepool.Core.State;

namespace Nodepool.State.ZooKeeper;

/// <summary>An entry that events have named.</summary>
/// <param name="Path">Its path.</param>
/// <param name="IsGone">Whether the newest event deleted it.</param>
/// <param name="Entry">What it is now, when that is known without reading it.</param>
/// <param name="Events">How many events there were.</param>
internal readonly record struct ChangeMark(string Path, bool IsGone, Entry? Entry, int Events)
{
    /// <summary>One has to read it to know what it is.</summary>
    public bool IsOpen => !IsGone && Entry is null;
}
