using Nodepool.Core.Collections;
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
    private readonly PerLabels<Quota> _costs;
    private readonly PerLabels<PoolVerdict?> _impossibilities;
    private readonly Lazy<(Quota Pool, Quota Provider)> _leaving;
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
        _costs = new(labels => model.CostOf(labels));
        _impossibilities = new(FindImpossibility);
        _leaving = new(FindLeaving, isThreadSafe: false);
        _pool = view.Nodes.UsageOf(model.Key);
        _provider = view.Nodes.UsageOf(model.Key.Provider);
        _launching = model.Provider.MaxConcurrency > 0 ? Launching(view, model) : 0;
    }

    /// <summary>Why these launches do not fit now; null when they do.</summary>
    public PoolVerdict? Obstacle(ValueList<string> labels)
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

        var cost = _costs.Of(labels);
        var shortage = Shortage.Of(QuotaScope.Pool, _pool, cost, _model.Config.Limits) ?? Shortage.Of(QuotaScope.Provider, _provider, cost, _model.ProviderLimits);
        return shortage is null ? null : new PoolVerdict(VerdictCode.Quota, null, shortage);
    }

    /// <summary>What launches of these labels use together.</summary>
    public Quota CostOf(ValueList<string> labels) => _costs.Of(labels);

    /// <summary>Why the launches would not fit even if the pool were empty; null when they would.</summary>
    public PoolVerdict? Impossibility(ValueList<string> labels) => _impossibilities.Of(labels);

    private PoolVerdict? FindImpossibility(ValueList<string> labels)
    {
        var cost = _costs.Of(labels);
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
    public void Spend(ValueList<string> labels)
    {
        var cost = _costs.Of(labels);
        _pool = _pool.Plus(cost);
        _provider = _provider.Plus(cost);
        _launching += labels.Count;
        _lanes.Spend(labels);
    }

    /// <summary>Whether there is room once everything that is going away, and what is evicted too, is gone.</summary>
    /// <param name="labels">What is to be launched.</param>
    /// <param name="here">What is evicted from this pool.</param>
    /// <param name="provider">What is evicted from all pools of the provider.</param>
    public bool WillFit(ValueList<string> labels, Quota here, Quota provider)
    {
        var cost = _costs.Of(labels);
        return _pool.Plus(cost).Minus(_leaving.Value.Pool.Plus(here)).FitsIn(_model.Config.Limits)
            && _provider.Plus(cost).Minus(_leaving.Value.Provider.Plus(provider)).FitsIn(_model.ProviderLimits);
    }

    /// <summary>What is about to end: in this pool, and in all pools of the provider where that has limits.</summary>
    private (Quota Pool, Quota Provider) FindLeaving() => (
        Leaving(_model.Key),
        _model.ProviderLimits.Amounts.Count == 0 ? Quota.Zero : Quota.Sum(_view.Nodes.Active.Keys.Where(pool => pool.Provider == _model.Key.Provider).Select(Leaving)));

    private Quota Leaving(PoolKey pool) => Quota.Sum(_view.Nodes.ActiveIn(pool).Select(id => _view.Nodes.ById[id].Record)
        .Where(node => node?.State is NodeState.Used or NodeState.Deleting or NodeState.Deleted or NodeState.Failed or NodeState.Aborted)
        .Select(node => node!.Cost));

    private static int Launching(ClusterView view, PoolModel model) => view.Nodes.Active
        .Where(pool => pool.Key.Provider == model.Key.Provider)
        .SelectMany(pool => pool.Value)
        .Count(id => view.Nodes.ById[id].Record?.State == NodeState.Building);
}
