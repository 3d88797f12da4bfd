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

    /// <summary>The client prefers another provider that can serve it, or a pool of higher rank (lower number) has room.</summary>
    public bool ShouldLeaveToOthers(RequestView request)
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
                return true;
            }

            if (pool.Priority < model.Config.Priority && !pool.Paused && wanted != model.Key.Provider)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The request may be waiting for room in another pool of our provider.</summary>
    public bool IsAwaitedNextDoor(RequestView request) =>
        Candidates(request).Any(pool => pool.Paused && pool.Id != model.ComponentId && pool.ProviderName == model.Key.Provider);

    private IEnumerable<ComponentRecord> Candidates(RequestView request) =>
        _pools.Where(pool => !request.Record!.DeclinedBy.Contains(pool.Id!) && request.Record.NodeTypes.All(pool.SupportedLabels.Contains));
}
