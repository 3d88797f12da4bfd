using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>How far a provider is from being empty.</summary>
/// <param name="Drain">The mark; null when the provider is not drained, or no longer.</param>
/// <param name="Nodes">The nodes that it still has, oldest first.</param>
public sealed record DrainProgress(DrainRecord? Drain, IReadOnlyList<NodeView> Nodes)
{
    /// <summary>Nothing is left.</summary>
    public bool IsEmpty => Nodes.Count == 0;

    /// <summary>What is left, for people.</summary>
    public string Text => Nodes.Count == 0 ? "no nodes are left"
        : $"{Nodes.Count} {(Nodes.Count == 1 ? "node is" : "nodes are")} left: "
            + string.Join(", ", Nodes.GroupBy(node => node.Record!.State).OrderBy(same => same.Key).Select(same => $"{same.Count()} {same.Key.Word()}"));

    /// <summary>Looks.</summary>
    /// <param name="view">All records.</param>
    /// <param name="provider">Name of the provider.</param>
    public static DrainProgress Of(ClusterView view, string provider)
    {
        ArgumentNullException.ThrowIfNull(view);
        return new(
            view.Drains.GetValueOrDefault(provider),
            [.. view.Nodes.ById.Values.Where(node => node.Record?.Provider == provider).OrderBy(node => node.Id, StringComparer.Ordinal)]);
    }
}
