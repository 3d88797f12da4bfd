using Nodepool.Core.State;

namespace Nodepool.Core.Operations;

/// <summary>Entries of the state tree that are read or deleted together.</summary>
internal static class Subtree
{
    /// <summary>All entries at and below a path as they are now, parents before their children.</summary>
    public static async ValueTask<IReadOnlyList<Entry>> ReadAsync(IStateEngine engine, string root, CancellationToken ct)
    {
        await foreach (var batch in engine.WatchAsync(root, ct))
        {
            return [.. batch.Changes.Select(change => change.Entry).OfType<Entry>()];
        }

        throw new StateException(StateFault.SessionEnded, root, "the store's session ended while it was read; try again");
    }

    /// <summary>Deletes entries that were read with their parents first, each in the version in which it was read.</summary>
    public static IEnumerable<Write> Deletion(IEnumerable<Entry> entries) => entries.Reverse().Select(entry => new Write.Delete(entry.Path, entry.Version));
}
