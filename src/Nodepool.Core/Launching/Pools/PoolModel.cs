using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>What a pass over a pool has to know besides the view: the configuration and what the provider says. Immutable.</summary>
public sealed record PoolModel
{
    /// <summary>Which pool.</summary>
    public required PoolKey Key { get; init; }

    /// <summary>Id under which the pool is registered; signs declines and nodes.</summary>
    public required string ComponentId { get; init; }

    /// <summary>The provider's section.</summary>
    public required ProviderConfig Provider { get; init; }

    /// <summary>The pool's section.</summary>
    public required PoolConfig Config { get; init; }

    /// <summary>What one node of a label uses.</summary>
    public required ValueMap<Quota> Costs { get; init; }

    /// <summary>What the cloud lets all pools of the provider use together, what others use taken off.</summary>
    public Quota ProviderLimits { get; init; } = Quota.Unlimited;

    /// <summary>What tenants may use over all providers, by name; who is not there is not limited.</summary>
    public ValueMap<TenantLimit> Tenants { get; init; } = ValueMap<TenantLimit>.Empty;

    /// <summary>Availability zones in which nodes may be launched, in an order that stays the same; empty where there is nothing to choose.</summary>
    public ValueList<string> Zones { get; init; } = [];

    /// <summary>What the clock was set forward to, Unix seconds; null: it was not. A deadline before that has not been waited for.</summary>
    public double? ClockSetTo { get; init; }

    /// <summary>No launches for the time being: the cloud said that there is no quota, whatever our own sums say.</summary>
    public bool IsQuotaClosed { get; init; }

    /// <summary>What the governor lets through, by label and for all together (<see cref="LaneTerms.All"/>); empty: whatever the limits allow.</summary>
    public ValueMap<LaneTerms> Lanes { get; init; } = ValueMap<LaneTerms>.Empty;

    /// <summary>Seconds for which a request for a label may be tried, by label.</summary>
    public ValueMap<double> Deadlines { get; init; } = ValueMap<double>.Empty;

    /// <summary>What the operator of this launcher has switched off.</summary>
    public LauncherOptions Options { get; init; } = LauncherOptions.All;

    /// <summary>The limit of a tenant; null when it has none.</summary>
    public TenantLimit? FindTenant(string name) => Tenants.TryGetValue(name, out var limit) ? limit : null;

    /// <summary>A party's share relative to others.</summary>
    public double WeightOf(Party party) => party.Tenant is { } tenant && FindTenant(tenant) is { } limit ? limit.Weight : 1;

    /// <summary>What launches of these labels use together.</summary>
    public Quota CostOf(IEnumerable<string> labels) =>
        Quota.Sum(labels.Select(label => Costs.TryGetValue(label, out var cost) ? cost : Quota.Zero));

    /// <summary>Whether a node is of this pool.</summary>
    public bool Owns(NodeView node) => node?.Record is { } record && record.Provider == Key.Provider && record.Pool == Key.Pool;

    /// <summary>Seconds for which a request for these labels may be tried: the longest counts.</summary>
    public double DeadlineOf(IEnumerable<string> labels) => labels.Max(label => Deadlines.TryGetValue(label, out var seconds) ? seconds : double.PositiveInfinity);

    /// <summary>The pool may have nodes at all; else it declines what it is asked.</summary>
    public bool IsOpen => Config.IsOpen;

    /// <summary>Nodes are launched here for requests that find no idle ones.</summary>
    public bool Launches => Options.Launches && !Config.IsStanding;
}
