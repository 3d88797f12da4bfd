using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// What tenants may still use during one pass, over all providers; what the pass decides on is taken off at once. Sums come from the node
/// records; that they miss nothing is what the ledger entry of a tenant is for: whoever charges it raises its version in the commit that
/// makes the nodes, so a plan that was made without knowing of a charge cannot be carried out.
/// </summary>
internal sealed class TenantBudget(ClusterView view, PoolModel model)
{
    private readonly Dictionary<string, Quota> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WaitingLine> _lines = new(StringComparer.Ordinal);

    /// <summary>The limit that counts for a request; null when nobody limits its tenant.</summary>
    public TenantLimit? LimitOf(RequestView request) =>
        request.Record!.TenantName is { Length: > 0 } tenant && model.FindTenant(tenant) is { Limits.Amounts.Count: > 0 } limit ? limit : null;

    /// <summary>
    /// The view has seen a charge of which it may not have seen the nodes yet: nothing can be said about the tenant. The rest of that commit
    /// arrives in a moment.
    /// </summary>
    public bool IsUnsettled(TenantLimit limit) =>
        view.Ledger.GetValueOrDefault(limit.Tenant) is { } entry && entry.ChargedPosition > view.Position;

    /// <summary>What does not suffice now, or who of the same tenant comes first; null when nothing is in the way.</summary>
    public PoolVerdict? Obstacle(TenantLimit limit, RequestView request, Quota cost)
    {
        if (_lines.TryGetValue(limit.Tenant, out var line) && line.HolderUp(request) is { } first)
        {
            return new PoolVerdict(VerdictCode.TenantLimit, first.Id);
        }

        return Shortage.Of(QuotaScope.Tenant, UsedBy(limit.Tenant), cost, limit.Limits) is { } shortage ? new PoolVerdict(VerdictCode.TenantLimit, limit.Tenant, shortage) : null;
    }

    /// <summary>A request waits until its tenant has given something back.</summary>
    public void Wait(TenantLimit limit, RequestView request, int nodes, bool isStrict)
    {
        if (!_lines.TryGetValue(limit.Tenant, out var line))
        {
            _lines[limit.Tenant] = line = new WaitingLine();
        }

        line.Add(request, nodes, isStrict);
    }

    /// <summary>What would not suffice even if the tenant had nothing; null when everything would.</summary>
    public PoolVerdict? Impossibility(RequestView request) =>
        LimitOf(request) is { } limit && Shortage.Of(QuotaScope.Tenant, Quota.Zero, model.CostOf(request.Record!.NodeTypes), limit.Limits) is { } shortage
            ? new PoolVerdict(VerdictCode.TooLarge, limit.Tenant, shortage)
            : null;

    /// <summary>Takes a cost off.</summary>
    public void Spend(TenantLimit limit, Quota cost) => _used[limit.Tenant] = UsedBy(limit.Tenant).Plus(cost);

    private Quota UsedBy(string tenant) =>
        _used.TryGetValue(tenant, out var used) ? used : view.Nodes.UsageOf(Party.OfTenant(tenant));
}
