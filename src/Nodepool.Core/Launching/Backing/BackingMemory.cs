using System.Collections.Immutable;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Backing;

/// <summary>What the records do not tell about backing nodes. Losing it costs one grace-time and a few reads.</summary>
public sealed record BackingMemory
{
    /// <summary>Nodes whose lock is ours, and the lock's contender: a node that only says so in its <c>user_data</c> is nobody's backing node.</summary>
    public ImmutableDictionary<string, string> Locks { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Since when backing nodes have had no node, Unix seconds.</summary>
    public ImmutableDictionary<string, double> EmptySince { get; init; } = ImmutableDictionary.Create<string, double>(StringComparer.Ordinal);

    /// <summary>Backing nodes whose own pool is nobody's any more: they get no new nodes, and those that are idle leave them.</summary>
    public ImmutableHashSet<string> Ending { get; init; } = [];

    /// <summary>The memory after a look at a view.</summary>
    /// <param name="view">All records.</param>
    /// <param name="owner">Whose backing nodes.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public BackingMemory After(ClusterView view, string owner, double unixNow)
    {
        ArgumentNullException.ThrowIfNull(view);
        var empty = view.Nodes.OwnedBy(owner).Where(id => view.Nodes.PlacedOn(id).IsEmpty);
        return this with
        {
            Locks = Locks.RemoveRange(Locks.Where(pair => view.Nodes.ById.GetValueOrDefault(pair.Key)?.Contenders.Contains(pair.Value) != true).Select(pair => pair.Key)),
            EmptySince = EmptySince.Clear().AddRange(empty.Select(id => KeyValuePair.Create(id, EmptySince.GetValueOrDefault(id, unixNow)))),
        };
    }
}
