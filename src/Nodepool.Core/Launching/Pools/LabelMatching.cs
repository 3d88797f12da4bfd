using Nodepool.Core.Config;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// Puts nodes in the places of labels so that as many places as possible are filled. Taking the first node that fits is not enough: the node of a machine that
/// exists may have several labels, and the one that only it has may come later. Augmenting paths (Kuhn); what is filled stays filled, so earlier places come first.
/// </summary>
internal static class LabelMatching
{
    /// <summary>Fills the places.</summary>
    /// <param name="labels">One per place; duplicates count.</param>
    /// <param name="nodes">The nodes; of two that do equally well the earlier one is taken.</param>
    /// <returns>For each place its node; null where none is left.</returns>
    public static NodeView?[] Of(IReadOnlyList<string> labels, IReadOnlyList<NodeView> nodes)
    {
        var filled = new NodeView?[labels.Count];
        var placeOf = PlacesOf(labels, nodes.Count, (node, label) => nodes[node].Record!.Type.Contains(label));
        for (var node = 0; node < nodes.Count; node++)
        {
            if (placeOf[node] >= 0)
            {
                filled[placeOf[node]] = nodes[node];
            }
        }

        return filled;
    }

    /// <summary>How many places the machines of a pool could fill if all their slots were free.</summary>
    public static int Most(IReadOnlyList<string> labels, IReadOnlyList<MachineConfig> machines)
    {
        // Of machines that are alike no more slots count than there are places.
        var slots = machines.GroupBy(machine => machine.Labels)
            .SelectMany(same => Enumerable.Repeat(same.Key, Math.Min(labels.Count, same.Sum(machine => machine.Slots)))).ToList();
        return PlacesOf(labels, slots.Count, (slot, label) => slots[slot].Contains(label)).Count(place => place >= 0);
    }

    /// <summary>The place of each node; -1 for those that have none.</summary>
    private static int[] PlacesOf(IReadOnlyList<string> labels, int nodes, Func<int, string, bool> fits)
    {
        var placeOf = new int[nodes];
        Array.Fill(placeOf, -1);
        for (var place = 0; place < labels.Count; place++)
        {
            Fill(place, new bool[nodes]);
        }

        return placeOf;

        bool Fill(int place, bool[] tried)
        {
            // A free node first: whoever has found a place moves only if nothing else is left.
            for (var node = 0; node < nodes; node++)
            {
                if (placeOf[node] < 0 && fits(node, labels[place]))
                {
                    placeOf[node] = place;
                    return true;
                }
            }

            for (var node = 0; node < nodes; node++)
            {
                if (!tried[node] && fits(node, labels[place]))
                {
                    tried[node] = true;
                    if (Fill(placeOf[node], tried))
                    {
                        placeOf[node] = place;
                        return true;
                    }
                }
            }

            return false;
        }
    }
}
