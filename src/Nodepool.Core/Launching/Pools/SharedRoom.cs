using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// Room that this pool has in common with others, its tenants' and that of its provider, and leaves to requests that wait elsewhere.
/// </summary>
/// <param name="candidates">Who else could serve a request.</param>
/// <param name="tenants">What is left of the tenants' room.</param>
/// <param name="budget">What is left of the provider's.</param>
/// <param name="gate">Tells whether what is kept could be used.</param>
internal sealed class SharedRoom(PoolCandidates candidates, TenantBudget tenants, PoolBudget budget, LaunchGate gate)
{
    private readonly HashSet<Party> _ofTenants = [];
    private readonly HashSet<Party> _ofProvider = [];

    /// <summary>
    /// A request that other pools serve may wait there. When its patience is over, what it needs is set aside here, so that nobody behind it takes it: not even in
    /// the moment in which it has become enough. One request of each party at a time: what many wait for may be something else, which we do not see.
    /// </summary>
    public void KeepFor(RequestView request)
    {
        var cost = Quota.Of((Quota.Instances, request.Record!.NodeTypes.Count));
        var party = Party.Of(request.Record);
        if (tenants.LimitOf(request) is { } limit && !_ofTenants.Contains(party) && candidates.AnyOther(request))
        {
            _ofTenants.Add(party);
            tenants.Spend(limit, cost);
        }

        if (!_ofProvider.Contains(party) && candidates.NextDoor(request).Any(pool => gate.HasImages(pool, request) && budget.TrySetAside(pool, cost)))
        {
            _ofProvider.Add(party);
        }
    }
}
