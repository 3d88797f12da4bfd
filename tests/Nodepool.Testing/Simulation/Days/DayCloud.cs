using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Providers.Fake;

namespace Nodepool.Testing.Simulation.Days;

/// <summary>The figures of one provider, while they grow.</summary>
internal sealed class DayCloud
{
    private readonly Dictionary<string, double> _begun = new(StringComparer.Ordinal);
    private readonly List<double> _boots = [];
    private readonly HashSet<string> _launching = new(StringComparer.Ordinal);
    private double _since;
    private double _busy;
    private int _launches;
    private int _used;
    private int _failed;
    private int _unwanted;
    private int _inUse;

    /// <summary>A node of the provider has changed.</summary>
    public void Changed(string id, NodeRecord? before, NodeRecord? after, double now)
    {
        var (wasUsed, isUsed) = (before?.State == NodeState.InUse, after?.State == NodeState.InUse);
        CountForNothing(id, before, after);
        if (after?.Launch is { } launch && launch.Token != before?.Launch?.Token)
        {
            _launches++;
            _begun[id] = now;
        }

        if (after is { State: NodeState.Ready } && before is { State: NodeState.Building } && _begun.Remove(id, out var begun))
        {
            _boots.Add(now - begun);
        }

        if (after is null)
        {
            _begun.Remove(id);
        }

        if (wasUsed != isUsed)
        {
            _busy += _inUse * (now - _since);
            _since = now;
            _inUse += isUsed ? 1 : -1;
            _used += isUsed ? 1 : 0;
        }
    }

    /// <summary>An attempt ends when the node gets ready, when the next one begins, or when the node is given up.</summary>
    private void CountForNothing(string id, NodeRecord? before, NodeRecord? after)
    {
        var isOver = after?.State != NodeState.Building || after.Launch?.Token != before?.Launch?.Token;
        if (isOver && _launching.Remove(id))
        {
            _failed += after?.State == NodeState.Ready ? 0 : 1;
            _unwanted += after is { State: NodeState.Ready, AllocatedTo: null } ? 1 : 0;
        }

        if (after is { State: NodeState.Building, Launch: not null })
        {
            _launching.Add(id);
        }
    }

    /// <summary>Its line of the table.</summary>
    public DayCloudLine Line(string provider, string ways, Quota limits, double seconds)
    {
        var room = limits.Amounts.TryGetValue(Quota.Instances, out var instances) ? instances : limits.Amounts[Quota.Cores] / FakeFlavor.All[0].Cores;
        return new DayCloudLine(provider, ways, (int)room, _launches, _used, _failed, _unwanted, [.. _boots.Order()], _busy / (room * seconds));
    }
}
