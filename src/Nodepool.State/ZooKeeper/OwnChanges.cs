using Nodepool.Core.State;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.State.ZooKeeper;

/// <summary>
/// What entries are after a commit of our own, as far as its answer tells: they need not be read again when the watch reports them.
/// </summary>
internal static class OwnChanges
{
    /// <summary>The entries that are known completely, and how many events each has caused.</summary>
    public static List<OwnChange> Of(IReadOnlyList<Operation> operations, IReadOnlyList<OperationResult> results, long zxid, long session)
    {
        var changes = new Dictionary<string, OwnChange>(StringComparer.Ordinal);
        var ms = TimeOf(results);
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
    private static long? TimeOf(IReadOnlyList<OperationResult> results)
    {
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].Stat is { } stat)
            {
                return stat.ModifiedMs;
            }
        }

        return null;
    }

    private static bool IsEphemeral(Operation.Create create) => create.Mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential;
}
