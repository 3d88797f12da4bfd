using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Standing;

/// <summary>
/// Decides how the slots of machines that exist already are kept filled with ready nodes: one record per slot, whatever state it is in. Pure.
/// Nodes that are allocated, in use, held or locked are never touched; what the configuration wants of them counts when they come back.
/// </summary>
public static class StandingPlanner
{
    /// <summary>Decides.</summary>
    /// <param name="view">All records.</param>
    /// <param name="provider">The section of the provider.</param>
    public static StandingPlan Plan(ClusterView view, ProviderConfig provider)
    {
        var vacant = new List<StandingSlot>();
        var describe = new List<(NodeView, NodeRecord)>();
        var retire = new List<NodeView>();
        var idle = new Dictionary<string, List<NodeView>>(StringComparer.Ordinal);
        foreach (var pool in provider.Pools)
        {
            var nodes = view.Nodes.In(new PoolKey(provider.Name, pool.Name)).Select(id => view.Nodes.ById[id]).ToList();
            var bySlot = nodes.ToLookup(node => (node.Record!.Hostname, node.Record.Slot));
            var taken = new HashSet<string>(StringComparer.Ordinal);
            foreach (var machine in pool.IsOpen && !view.IsDrained(provider.Name) ? pool.Machines : [])
            {
                for (var number = 0; number < machine.Slots; number++)
                {
                    var slot = new StandingSlot(pool, machine, number);
                    var here = bySlot[(machine.Name, number)].Where(candidate => !taken.Contains(candidate.Id));
                    if (NodeOf(here, view, slot) is not { } node)
                    {
                        if (!IsOccupied(here, pool))
                        {
                            vacant.Add(slot);
                        }

                        continue;
                    }

                    taken.Add(node.Id);
                    if (!IsFree(view, node))
                    {
                        continue;
                    }

                    (idle.TryGetValue(machine.Id, out var others) ? others : idle[machine.Id] = []).Add(node);
                    var record = slot.Describe(node.Record!);
                    if (record != node.Record)
                    {
                        describe.Add((node, record));
                    }
                }
            }

            retire.AddRange(nodes.Where(node => !taken.Contains(node.Id) && IsFree(view, node)));
        }

        return new(vacant.ToValueList(), describe.ToValueList(), retire.ToValueList(), new(idle.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToValueList()))));
    }

    /// <summary>Idle, nobody is at it, and ours or left behind by another program.</summary>
    private static bool IsFree(ClusterView view, NodeView node) => node is { Record.IsIdle: true, IsLocked: false } && !StandingSlot.IsOfPeer(view, node.Record);

    /// <summary>
    /// The node of a slot. Where two programs registered one each in the same instant, the one that somebody has or that is not ours stays; the other
    /// is left over.
    /// </summary>
    private static NodeView? NodeOf(IEnumerable<NodeView> here, ClusterView view, StandingSlot slot) =>
        here.Where(node => StandingSlot.IsOn(node.Record!, slot.Machine)).OrderBy(node => IsFree(view, node)).FirstOrDefault();

    /// <summary>
    /// Somebody still has a node of this machine and slot under a user or port that the file no longer has: the machine would be lent twice.
    /// </summary>
    private static bool IsOccupied(IEnumerable<NodeView> here, PoolConfig pool) => here.Any(node => !pool.Machines.Any(machine => StandingSlot.IsOn(node.Record!, machine)));
}
