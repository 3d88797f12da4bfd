using Nodepool.Core.Collections;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>In which availability zone a request is served: all nodes of one request are in the same, and requests are spread evenly.</summary>
internal static class ZoneChoice
{
    /// <summary>What a zone is called in <see cref="Model.NodeRequestRecord.FailedZones"/>.</summary>
    public static string NameOf(PoolKey pool, string zone) => $"{pool.Provider}/{zone}";

    /// <summary>The zone that a request is bound to by the nodes that it has; null when they are in none.</summary>
    public static string? BoundTo(ValueList<NodeView> held) => held.FirstOrDefault(node => node.Record!.Az is not null)?.Record!.Az;

    /// <summary>
    /// The zones in which nodes may be launched for a request, best first: the beginning depends on the request alone. Those in which its nodes could not be
    /// launched are left out, and those that are bad for all, unless there is no other.
    /// </summary>
    public static IReadOnlyList<string> For(PoolModel model, RequestView request)
    {
        var zones = model.Zones;
        if (zones.Count < 2)
        {
            return zones;
        }

        var begin = (int)(StableHash.Of(request.Id) % (ulong)zones.Count);
        var rotated = zones.Skip(begin).Concat(zones.Take(begin)).ToList();
        var failed = request.Record!.FailedZones;
        return Without(Without(rotated, zone => failed.Contains(NameOf(model.Key, zone))), zone => request.Record.NodeTypes.Any(label => IsAvoided(model, label, zone)));
    }

    /// <summary>A bad zone that a launch for this request may try: only a single node, which a failure costs nothing else. Null when there is none to be tried.</summary>
    public static string? ToProbe(PoolModel model, RequestView request) =>
        request.Record!.NodeTypes.Count == 1 && model.Lanes.TryGetValue(request.Record.NodeTypes[0], out var lane) && model.Zones.Contains(lane.ProbedZone ?? "") ? lane.ProbedZone : null;

    private static bool IsAvoided(PoolModel model, string label, string zone) => model.Lanes.TryGetValue(label, out var lane) && lane.AvoidedZones.Contains(zone);

    private static List<string> Without(List<string> zones, Func<string, bool> isLeftOut) => zones.Where(zone => !isLeftOut(zone)).ToList() is { Count: > 0 } left ? left : zones;

    /// <summary>
    /// Whether a set of nodes, one of which could not be launched in a zone, may still do better in another. A single node has tried the others by itself.
    /// </summary>
    public static bool IsAnyLeft(PoolModel model, RequestView request, string failed) => request.Record!.NodeTypes.Count > 1
        && model.Zones.Any(zone => zone != failed && !request.Record.FailedZones.Contains(NameOf(model.Key, zone)));
}
