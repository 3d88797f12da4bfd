using Nodepool.Core.Explaining;
using Nodepool.Core.Launching.Governing;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>What a pool may still launch during one pass: every launch that the pass decides on is taken off at once.</summary>
internal sealed class PoolBudget
{
    private static readonly PoolVerdict Closed = new(VerdictCode.CloudQuota);

    private readonly PoolModel _model;
    private readonly ClusterView _view;
    private readonly LaneBudget _lanes;
    private readonly Dictionary<PoolKey, Quota> _aside = [];
    private Quota _pool;
    private Quota _provider;
    private int _launching;

    /// <param name="view">All records.</param>
    /// <param name="model">The pool.</param>
    /// <param name="now">Unix seconds.</param>
    public PoolBudget(ClusterView view, PoolModel model, double now)
    {
        _lanes = new LaneBudget(view, model, now);
        _view = view;
        _model = model;
        _pool = view.Nodes.UsageOf(model.Key);
        _provider = view.Nodes.UsageOf(model.Key.Provider);
        _launching = model.Provider.MaxConcurrency > 0 ? Launching(view, model) : 0;
    }

    /// <summary>Why these launches do not fit now; null when they do.</summary>
    public PoolVerdict? Obstacle(IReadOnlyList<string> labels)
    {
        if (labels.Count == 0)
        {
            return null;
        }

        if (_model.IsQuotaClosed)
        {
            return Closed;
        }

        if (_lanes.Obstacle(labels) is { } governed)
        {
            return governed;
        }

        var most = _model.Provider.MaxConcurrency;
        if (most > 0 && _launching > 0 && _launching + labels.Count > most)
        {
            return new PoolVerdict(VerdictCode.MaxConcurrency, null, new Shortage(QuotaScope.Provider, "launches", labels.Count, _launching, most));
        }

        var cost = _model.CostOf(labels);
        var shortage = Shortage.Of(QuotaScope.Pool, _pool, cost, _model.Config.Limits) ?? Shortage.Of(QuotaScope.Provider, _provider, cost, _model.ProviderLimits);
        return shortage is null ? null : new PoolVerdict(VerdictCode.Quota, null, shortage);
    }

    /// <summary>Why the launches would not fit even if the pool were empty; null when they would.</summary>
    public PoolVerdict? Impossibility(IReadOnlyList<string> labels)
    {
        var cost = _model.CostOf(labels);
        var shortage = Shortage.Of(QuotaScope.Pool, Quota.Zero, cost, _model.Config.Limits) ?? Shortage.Of(QuotaScope.Provider, Quota.Zero, cost, _model.ProviderLimits);
        return (shortage ?? SlotShortage(labels)) is { } lacking ? new PoolVerdict(VerdictCode.TooLarge, null, lacking) : null;
    }

    /// <summary>One slot may have several of the labels and still be only one node: no sum of resources tells.</summary>
    private Shortage? SlotShortage(IReadOnlyList<string> labels) =>
        _model.Config.IsStanding && LabelMatching.Most(labels, _model.Config.Machines) is var most && most < labels.Count
            ? new Shortage(QuotaScope.Pool, Shortage.Slots, labels.Count, 0, most)
            : null;

    /// <summary>
    /// Takes something off the provider's room that one of its other pools needs; false when that pool has no room of its own for it, so that the provider's is
    /// not what is waited for.
    /// </summary>
    public bool TrySetAside(PoolKey pool, Quota cost)
    {
        var used = (_aside.TryGetValue(pool, out var earlier) ? earlier : _view.Nodes.UsageOf(pool)).Plus(cost);
        if (_model.Provider.Pools.FirstOrDefault(other => other.Name == pool.Pool) is { } config && !used.FitsIn(config.Limits))
        {
            return false;
        }

        _aside[pool] = used;
        _provider = _provider.Plus(cost);
        return true;
    }

    /// <summary>That launches of one of these labels fail here altogether; null when they do not.</summary>
    public PoolVerdict? Outage(IEnumerable<string> labels) => _lanes.Outage(labels);

    /// <summary>Takes launches off.</summary>
    public void Spend(IReadOnlyList<string> labels)
    {
        var cost = _model.CostOf(labels);
        _pool = _pool.Plus(cost);
        _provider = _provider.Plus(cost);
        _launching += labels.Count;
        _lanes.Spend(labels);
    }

    /// <summary>Whether there is room once everything that is going away, and these idle nodes too, is gone.</summary>
    public bool WillFit(IReadOnlyList<string> labels, IReadOnlyCollection<NodeView> evicted)
    {
        var cost = _model.CostOf(labels);
        return _pool.Plus(cost).Minus(Leaving(_model.Key).Plus(CostOf(evicted.Where(IsOurs)))).FitsIn(_model.Config.Limits)
            && _provider.Plus(cost).Minus(LeavingProvider().Plus(CostOf(evicted))).FitsIn(_model.ProviderLimits);
    }

    private bool IsOurs(NodeView node) => node.Record!.Pool == _model.Key.Pool;

    private Quota LeavingProvider() => _view.Nodes.Active.Keys
        .Where(pool => pool.Provider == _model.Key.Provider)
        .Aggregate(Quota.Zero, (sum, pool) => sum.Plus(Leaving(pool)));

    private Quota Leaving(PoolKey pool) => CostOf(_view.Nodes.ActiveIn(pool).Select(id => _view.Nodes.ById[id])
        .Where(node => node.Record?.State is NodeState.Used or NodeState.Deleting or NodeState.Deleted or NodeState.Failed or NodeState.Aborted));

    private static Quota CostOf(IEnumerable<NodeView> nodes) => nodes.Aggregate(Quota.Zero, (sum, node) => sum.Plus(node.Record!.Cost));

    private static int Launching(ClusterView view, PoolModel model) => view.Nodes.Active
        .Where(pool => pool.Key.Provider == model.Key.Provider)
        .SelectMany(pool => pool.Value)
        .Count(id => view.Nodes.ById[id].Record?.State == NodeState.Building);
}
