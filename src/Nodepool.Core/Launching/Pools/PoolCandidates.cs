using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>Which registered pools could serve a request.</summary>
internal sealed class PoolCandidates
{
    private readonly ClusterView _view;
    private readonly PoolModel _model;
    private readonly ComponentRecord[] _pools;
    private readonly PerLabels<ComponentRecord[]> _serving;

    public PoolCandidates(ClusterView view, PoolModel model)
    {
        (_view, _model, _pools) = (view, model, [.. view.Pools]);
        _serving = new(labels => [.. _pools.Where(pool => labels.All(pool.SupportedLabels.Contains))]);
    }

    /// <summary>Another pool may still take the request: then it is not for us to decline it.</summary>
    public bool AnyOther(RequestView request) => Candidates(request).Any(pool => pool.Id != _model.ComponentId);

    /// <summary>After our refusal every registered pool has refused.</summary>
    public bool IsLast(RequestView request) =>
        _pools.All(pool => pool.Id == _model.ComponentId || request.Record!.DeclinedBy.Contains(pool.Id!));

    /// <summary>The pool to which a request is left: of the provider that the client prefers, or of higher rank (lower number) and with room; null when it is ours to serve.</summary>
    public ComponentRecord? WhoComesFirst(RequestView request)
    {
        var wanted = request.Record!.Provider;
        foreach (var pool in Candidates(request))
        {
            if (pool.Id == _model.ComponentId || _view.IsDrained(pool.ProviderName))
            {
                continue;
            }

            if (wanted is not null && wanted != _model.Key.Provider && pool.ProviderName == wanted)
            {
                return pool;
            }

            if (pool.Priority < _model.Config.Priority && !pool.Paused && wanted != _model.Key.Provider && !HasHandedOver(request, pool))
            {
                return pool;
            }
        }

        return null;
    }

    /// <summary>
    /// Another pool that could serve a request which gets nowhere here: it has room as far as one knows, has not given up the request itself, launches do not fail there, and it will
    /// not leave the request to us. Null when there is none.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="isBetter">What it has to be besides, by its terms and the labels; null: nothing.</param>
    public ComponentRecord? Better(RequestView request, Func<PoolTermsRecord, ValueList<string>, bool>? isBetter = null)
    {
        var wanted = request.Record!.Provider;
        var isBound = wanted is not null && Candidates(request).Any(pool => pool.ProviderName == wanted);
        return Candidates(request).FirstOrDefault(pool => pool.Id != _model.ComponentId && !pool.Paused && !pool.IsStanding && (!isBound || pool.ProviderName == wanted)
            && !HasHandedOver(request, pool) && IsWell(pool, request)
            && (isBetter is null || (_view.TermsOf(pool.Id!) is { } terms && isBetter(terms, request.Record.NodeTypes))));
    }

    /// <summary>The request may be waiting for room in another pool of our provider.</summary>
    public bool IsAwaitedNextDoor(RequestView request) => NextDoor(request).Any();

    /// <summary>The full pools of our provider in which the request may be waiting.</summary>
    public IEnumerable<PoolKey> NextDoor(RequestView request) => Candidates(request)
        .Where(pool => pool.Paused && pool.Id != _model.ComponentId && pool.ProviderName == _model.Key.Provider)
        .Select(pool => new PoolKey(pool.ProviderName!, pool.Name ?? ""));

    private static bool HasHandedOver(RequestView request, ComponentRecord pool) =>
        request.Record!.HandedOver.Count > 0 && request.Record.HandedOver.Contains($"{pool.ProviderName}/{pool.Name}");

    /// <summary>A peer that does not tell its terms does not know what handing over is: one of lower rank would leave the request to us.</summary>
    private bool IsWell(ComponentRecord pool, RequestView request) => _view.TermsOf(pool.Id!) is { } terms
        ? !request.Record!.NodeTypes.Append(LaneTerms.All).Any(name => terms.Lanes.TryGetValue(name, out var lane) && lane.IsOpen)
        : pool.Priority <= _model.Config.Priority;

    /// <summary>Standing pools are none for min-ready: their nodes are ready without being asked for.</summary>
    private IEnumerable<ComponentRecord> Candidates(RequestView request) => _serving.Of(request.Record!.NodeTypes)
        .Where(pool => !(pool.IsStanding && PoolPlanner.IsMinReady(request)) && !request.Record.DeclinedBy.Contains(pool.Id!));
}
