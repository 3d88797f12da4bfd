using System.Collections.Immutable;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>
/// Finds nodes of one provider whose time is over. Pure. By provider, because launchers with different configurations share the tree, those of
/// Python among them: whoever has the provider knows how old its nodes may become.
/// </summary>
public static class AgePlanner
{
    /// <summary>Idle nodes and held nodes that are too old: to be deleted.</summary>
    /// <param name="view">All records.</param>
    /// <param name="config">Ages that are allowed.</param>
    /// <param name="provider">Name of the provider.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static ValueList<NodeView> Plan(ClusterView view, NodepoolConfig config, string provider, double unixNow) =>
        Idle(view, config, provider, unixNow).Concat(Held(view, config, provider, unixNow)).Where(node => !node.IsLocked).ToValueList();

    /// <summary>Idle nodes beyond their label's max-ready-age.</summary>
    private static IEnumerable<NodeView> Idle(ClusterView view, NodepoolConfig config, string provider, double now) =>
        (from list in view.Nodes.IdleByAge
         where list.Key.Pool.Provider == provider
         let age = config.FindLabel(list.Key.Label)?.MaxReadyAge ?? TimeSpan.Zero
         where age > TimeSpan.Zero
         from idle in list.Value.TakeWhile(idle => now - idle.At > age.TotalSeconds)
         select view.Nodes.ById[idle.Id]).DistinctBy(node => node.Id).OrderBy(node => node.Id, StringComparer.Ordinal);

    /// <summary>Held nodes whose own expiry or the general one has passed.</summary>
    private static IEnumerable<NodeView> Held(ClusterView view, NodepoolConfig config, string provider, double now)
    {
        var general = config.MaxHoldAge > TimeSpan.Zero ? config.MaxHoldAge.TotalSeconds : double.PositiveInfinity;
        var tooOld = Of(view.Nodes.HeldByAge).SelectMany(list => list.TakeWhile(held => now - held.At >= general));
        var expired = Of(view.Nodes.HeldByEnd).SelectMany(list => list.TakeWhile(held => now >= held.At));
        return tooOld.Concat(expired).Select(held => held.Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(id => view.Nodes.ById[id]);

        IEnumerable<ImmutableSortedSet<NodeMoment>> Of(ImmutableDictionary<PoolKey, ImmutableSortedSet<NodeMoment>> lists) =>
            lists.Where(list => list.Key.Provider == provider).Select(list => list.Value);
    }
}
