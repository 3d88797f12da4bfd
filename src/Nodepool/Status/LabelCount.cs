using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Status;

/// <summary>The nodes of one label; a node counts for the label that it was made for.</summary>
/// <param name="Label">Name of the label.</param>
/// <param name="MinReady">Idle nodes to keep at the moment; null when the label is not in the configuration.</param>
/// <param name="Nodes">The nodes.</param>
/// <param name="Idle">How many of them somebody may get: idle ones of a provider that nobody has any more are nobody's.</param>
internal sealed record LabelCount(string Label, int? MinReady, IReadOnlyList<NodeRecord> Nodes, int Idle)
{
    /// <summary>Every label of the configuration in its order, then those that only nodes know.</summary>
    public static IEnumerable<LabelCount> All(ClusterView view, NodepoolConfig config, double now)
    {
        var nodes = view.Nodes.ById.Values.Select(node => node.Record).OfType<NodeRecord>().ToLookup(node => node.Type is [var first, ..] ? first : "?", StringComparer.Ordinal);
        var providers = config.Providers.Select(provider => provider.Name).Concat(view.Pools.Select(pool => pool.ProviderName)).ToHashSet(StringComparer.Ordinal);
        var known = config.Labels.Select(label => Of(label.Name, label.ReadyAt(now), nodes[label.Name]));
        var others = nodes.Where(group => config.FindLabel(group.Key) is null).OrderBy(group => group.Key, StringComparer.Ordinal);
        return known.Concat(others.Select(group => Of(group.Key, null, group)));

        LabelCount Of(string label, int? minReady, IEnumerable<NodeRecord> all) => new(label, minReady, [.. all], all.Count(node => node.IsIdle && providers.Contains(node.Provider)));
    }

    /// <summary>How many are in one of these states.</summary>
    public int In(params ReadOnlySpan<NodeState> states)
    {
        var count = 0;
        foreach (var node in Nodes)
        {
            count += states.Contains(node.State) ? 1 : 0;
        }

        return count;
    }
}
