using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Roles;

/// <summary>Says at the end what stays.</summary>
internal static class Farewell
{
    /// <param name="view">The last picture.</param>
    /// <param name="store">Where everything is kept.</param>
    public static string Of(ClusterView view, StorePlace store)
    {
        var states = view.Nodes.ById.Values.Select(node => node.Record).OfType<NodeRecord>().GroupBy(node => node.State).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} {group.Key.Word()}").ToList();
        var nodes = states.Count == 0 ? "no nodes" : $"nodes ({string.Join(", ", states)})";
        var builds = view.Images.Values.Sum(image => image.ReadyBuilds.Count());
        return $"what stays: {nodes}, {builds} built image{(builds == 1 ? "" : "s")}, all records in {store}; the next start goes on from there";
    }
}
