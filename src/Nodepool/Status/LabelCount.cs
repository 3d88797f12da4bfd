using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Status;

/// <summary>The nodes of one label; a node counts for the label that it was made for.</summary>
/// <param name="Label">Name of the label.</param>
/// <param name="MinReady">Idle nodes to keep at the moment; null when the label is not in the configuration.</param>
/// <param name="Nodes">The nodes.</param>
internal sealed record LabelCount(string Label, int? MinReady, IReadOnlyList<NodeRecord> Nodes)
{
    public int Idle => Nodes.Count(node => node.IsIdle);

    /// <summary>Every label of the configuration in its order, then those that only nodes know.</summary>
    public static IEnumerable<LabelCount> All(ClusterView view, NodepoolConfig config, double now)
    {
        var nodes = view.Nodes.ById.Values.Select(node => node.Record).OfType<NodeRecord>().ToLookup(node => node.Type is [var first, ..] ? first : "?", StringComparer.Ordinal);
        var known = config.Labels.Select(label => new LabelCount(label.Name, label.ReadyAt(now), [.. nodes[label.Name]]));
        var others = nodes.Where(group => config.FindLabel(group.Key) is null).OrderBy(group => group.Key, StringComparer.Ordinal);
        return known.Concat(others.Select(group => new LabelCount(group.Key, null, [.. group])));
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
