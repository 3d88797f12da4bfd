using Nodepool.Core.State;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.State.ZooKeeper;

/// <summary>
/// What entries are after a commit of our own, as far as its answer tells: they need not be read again when the watch reports them.
/// </summary>
internal static class OwnChanges
{
    /// <summary>The entries that are known completely, and how many events each has caused.</summary>
    /// <param name="operations">What the commit did.</param>
    /// <param name="results">What ZooKeeper says of each.</param>
    /// <param name="zxid">Its transaction.</param>
    /// <param name="session">Our session: the owner of ephemeral entries.</param>
    /// <param name="clock">Tells the time of new entries of which ZooKeeper does not: it does so only of entries that are written, or made alone.</param>
    public static List<OwnChange> Of(IReadOnlyList<Operation> operations, IReadOnlyList<OperationResult> results, long zxid, long session, StoreClock clock)
    {
        var changes = new Dictionary<string, OwnChange>(StringComparer.Ordinal);
        var ms = TimeOf(results, clock);
        for (var i = 0; i < operations.Count; i++)
        {
            var path = results[i].Path ?? operations[i].Path;
            Entry? entry;
            switch (operations[i])
            {
                case Operation.Create create:
                    entry = results[i].Stat is { } made ? EntryOf.Node(path, create.Data, made)
                        : ms is { } at ? EntryOf.New(path, create.Data, zxid, at, IsEphemeral(create) ? session : 0)
                        : null;
                    break;
                case Operation.SetData set:
                    entry = results[i].Stat is { } stat ? EntryOf.Node(path, set.Data, stat) : null;
                    break;
                case Operation.Delete:
                    entry = null;
                    break;
                default:
                    continue;
            }

            changes[path] = new OwnChange(path, entry, changes.TryGetValue(path, out var before) ? before.Events + 1 : 1);
        }

        return [.. changes.Values.Where(change => change.Entry is not null)];
    }

    /// <summary>All steps of a transaction have one time; the stat of any of them tells it.</summary>
    private static long? TimeOf(IReadOnlyList<OperationResult> results, StoreClock clock)
    {
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].Stat is { } stat)
            {
                clock.Shows(stat.ModifiedMs);
                return stat.ModifiedMs;
            }
        }

        return clock.Now;
    }

    private static bool IsEphemeral(Operation.Create create) => create.Mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential;
}
