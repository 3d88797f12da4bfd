using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>Which registered pools could serve a request.</summary>
internal sealed class PoolCandidates(ClusterView view, PoolModel model)
{
    private readonly ComponentRecord[] _pools = [.. view.Pools];

    /// <summary>Another pool may still take the request: then it is not for us to decline it.</summary>
    public bool AnyOther(RequestView request) => Candidates(request).Any(pool => pool.Id != model.ComponentId);

    /// <summary>After our refusal every registered pool has refused.</summary>
    public bool IsLast(RequestView request) =>
        _pools.All(pool => pool.Id == model.ComponentId || request.Record!.DeclinedBy.Contains(pool.Id!));

    /// <summary>The pool to which a request is left: of the provider that the client prefers, or of higher rank (lower number) and with room; null when it is ours to serve.</summary>
    public ComponentRecord? WhoComesFirst(RequestView request)
    {
        var wanted = request.Record!.Provider;
        foreach (var pool in Candidates(request))
        {
            if (pool.Id == model.ComponentId)
            {
                continue;
            }

            if (wanted is not null && wanted != model.Key.Provider && pool.ProviderName == wanted)
            {
                return pool;
            }

            if (pool.Priority < model.Config.Priority && !pool.Paused && wanted != model.Key.Provider)
            {
                return pool;
            }
        }

        return null;
    }

    /// <summary>The request may be waiting for room in another pool of our provider.</summary>
    public bool IsAwaitedNextDoor(RequestView request) => NextDoor(request).Any();

    /// <summary>The full pools of our provider in which the request may be waiting.</summary>
    public IEnumerable<PoolKey> NextDoor(RequestView request) => Candidates(request)
        .Where(pool => pool.Paused && pool.Id != model.ComponentId && pool.ProviderName == model.Key.Provider)
        .Select(pool => new PoolKey(pool.ProviderName!, pool.Name ?? ""));

    /// <summary>Standing pools are none for min-ready: their nodes are ready without being asked for.</summary>
    private IEnumerable<ComponentRecord> Candidates(RequestView request) =>
        _pools.Where(pool => !(pool.IsStanding && PoolPlanner.IsMinReady(request)) && !request.Record!.DeclinedBy.Contains(pool.Id!) && request.Record.NodeTypes.All(pool.SupportedLabels.Contains));
}
