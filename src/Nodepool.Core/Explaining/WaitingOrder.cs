using Nodepool.Core.Launching.Pools;
using Nodepool.Core.View;

namespace Nodepool.Core.Explaining;

/// <summary>
/// The order in which requests that wait for a pool are looked at (<see cref="FairOrder"/>), for whoever is to tell people of it. Weights of parties are those that pools
/// tell. Made when it is first asked for.
/// </summary>
/// <param name="view">All records.</param>
/// <param name="unixNow">Now, Unix seconds.</param>
public sealed class WaitingOrder(ClusterView view, double unixNow)
{
    private IReadOnlyList<RequestView>? _requests;
    private Dictionary<string, int>? _places;

    /// <summary>Open requests that no pool has accepted, the next one first.</summary>
    public IReadOnlyList<RequestView> Requests => _requests ??= FairOrder.Of(view, WeightOf, unixNow);

    /// <summary>The place of a request, from 1; null when it does not wait for a pool.</summary>
    public int? PlaceOf(string id)
    {
        _places ??= Requests.Select((request, index) => (request.Id, Place: index + 1)).ToDictionary(pair => pair.Id, pair => pair.Place, StringComparer.Ordinal);
        return _places.TryGetValue(id, out var place) ? place : null;
    }

    private double WeightOf(Party party) => party.Tenant is not { } tenant ? 1
        : view.Terms.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.Tenants.TryGetValue(tenant, out var terms) ? (double?)terms.Weight : null)
            .FirstOrDefault(weight => weight is not null) ?? 1;
}
