using Nodepool.Core.Collections;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>Nodes in the places of a request's labels.</summary>
internal static class NodeArrangement
{
    /// <summary>Puts nodes in the order of the request's labels; otherwise says which labels lack a node.</summary>
    public static bool TryArrange(RequestView request, ValueList<NodeView> nodes, out ValueList<NodeView> arranged, out ValueList<string> missing)
    {
        var left = nodes.ToList();
        var found = new List<NodeView>();
        var lacking = new List<string>();
        foreach (var label in request.Record!.NodeTypes)
        {
            var index = left.FindIndex(node => node.Record!.Type.Contains(label));
            if (index < 0)
            {
                lacking.Add(label);
                continue;
            }

            found.Add(left[index]);
            left.RemoveAt(index);
        }

        arranged = found.ToValueList();
        missing = lacking.ToValueList();
        return lacking.Count == 0;
    }
}
