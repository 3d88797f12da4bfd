using Nodepool.Core.Config;
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

    /// <summary>The limit that counts for a request; null when nobody limits its tenant.</summary>
    public TenantLimit? LimitOf(RequestView request) =>
        request.Record!.TenantName is { Length: > 0 } tenant ? model.FindTenant(tenant) : null;

    /// <summary>What is in use.</summary>
    public Quota UsedBy(string tenant) =>
        _used.TryGetValue(tenant, out var used) ? used : view.Nodes.UsageOf(Party.OfTenant(tenant));

    /// <summary>
    /// The view has seen a charge of which it may not have seen the nodes yet: nothing can be said about the tenant. The rest of that commit
    /// arrives in a moment.
    /// </summary>
    public bool IsUnsettled(TenantLimit limit) =>
        view.Ledger.GetValueOrDefault(limit.Tenant) is { } entry && entry.ChargedPosition > view.Position;

    /// <summary>The first resource that does not suffice now; null when all do.</summary>
    public string? Lacking(TenantLimit limit, Quota cost) => UsedBy(limit.Tenant).Plus(cost).FirstExceeding(limit.Limits);

    /// <summary>Takes a cost off.</summary>
    public void Spend(TenantLimit limit, Quota cost) => _used[limit.Tenant] = UsedBy(limit.Tenant).Plus(cost);
}
