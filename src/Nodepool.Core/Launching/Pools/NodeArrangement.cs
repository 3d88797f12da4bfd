using Nodepool.Core.Collections;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>Nodes in the places of a request's labels.</summary>
internal static class NodeArrangement
{
    /// <summary>Puts nodes in the order of the request's labels; otherwise says which labels lack a node.</summary>
    public static bool TryArrange(RequestView request, ValueList<NodeView> nodes, out ValueList<NodeView> arranged, out ValueList<string> missing)
    {
        var labels = request.Record!.NodeTypes;
        var filled = LabelMatching.Of(labels, nodes);
        arranged = filled.OfType<NodeView>().ToValueList();
        missing = labels.Where((_, place) => filled[place] is null).ToValueList();
        return missing.Count == 0;
    }
}
