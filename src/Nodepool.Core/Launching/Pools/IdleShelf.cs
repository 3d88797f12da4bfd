using System.Collections.Immutable;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// The idle nodes of one label during one pass, oldest first, all together and by availability zone. They are looked at when somebody asks, and what is promised at the
/// head of a list is never looked at again: thousands of idle nodes for thousands of requests cost no more than each of them once.
/// </summary>
/// <param name="nodes">All nodes.</param>
/// <param name="ids">The idle ones of the label, oldest first.</param>
/// <param name="promised">Ids of those that somebody gets; grows during the pass.</param>
internal sealed class IdleShelf(NodeIndex nodes, ImmutableSortedSet<string> ids, HashSet<string> promised)
{
    private readonly Row _all = new();
    private readonly Dictionary<string, Row> _zones = new(StringComparer.Ordinal);
    private int _seen;

    /// <summary>The zones in which there are any.</summary>
    public IEnumerable<string> Zones
    {
        get
        {
            while (TrySee())
            {
            }

            return _zones.Where(zone => zone.Value.Nodes.Count > 0).Select(zone => zone.Key).Order(StringComparer.Ordinal);
        }
    }

    /// <summary>The first nodes that may be given away.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="zone">Of this zone only; null: of any.</param>
    /// <param name="mayGive">Whether this one may be given.</param>
    public IEnumerable<NodeView> First(int most, string? zone, Func<NodeView, bool> mayGive)
    {
        var row = zone is null ? _all : RowOf(zone);
        while (row.Begin < row.Nodes.Count && promised.Contains(row.Nodes[row.Begin].Id))
        {
            row.Begin++;
        }

        for (var i = row.Begin; most > 0 && (i < row.Nodes.Count || TrySee(row)); i++)
        {
            var node = row.Nodes[i];
            if (!promised.Contains(node.Id) && mayGive(node))
            {
                most--;
                yield return node;
            }
        }
    }

    /// <summary>Looks on until the row has another node.</summary>
    private bool TrySee(Row row)
    {
        var before = row.Nodes.Count;
        while (row.Nodes.Count == before)
        {
            if (!TrySee())
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySee()
    {
        if (_seen == ids.Count)
        {
            return false;
        }

        var node = nodes.ById[ids[_seen++]];
        if (node.IsLocked)
        {
            return true;
        }

        _all.Nodes.Add(node);
        if (node.Record!.Az is { } zone)
        {
            RowOf(zone).Nodes.Add(node);
        }

        return true;
    }

    private Row RowOf(string zone)
    {
        if (!_zones.TryGetValue(zone, out var row))
        {
            _zones[zone] = row = new Row();
        }

        return row;
    }

    private sealed class Row
    {
        public List<NodeView> Nodes { get; } = [];

        public int Begin { get; set; }
    }
}
