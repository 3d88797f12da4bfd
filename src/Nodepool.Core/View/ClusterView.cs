using System.Collections.Immutable;
using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Core.View;

/// <summary>Immutable picture of all records at one position of the store. Everything that decides decides on one of these.</summary>
public sealed record ClusterView
{
    /// <summary>All commits up to this position are in the picture; -1 before the first batch.</summary>
    public long Position { get; init; } = -1;

    /// <summary>Nodes.</summary>
    public NodeIndex Nodes { get; init; } = NodeIndex.Empty;

    /// <summary>Requests by id.</summary>
    public ImmutableDictionary<string, RequestView> Requests { get; init; } = ImmutableDictionary.Create<string, RequestView>(StringComparer.Ordinal);

    /// <summary>Requests that are requested or pending, in the order in which they are served.</summary>
    public ImmutableSortedSet<RequestView> OpenRequests { get; init; } = ImmutableSortedSet.Create<RequestView>(RequestOrder.Instance);

    /// <summary>Requests of our own duties and of peers' by requestor, whatever their state: those whose requestor begins with <c>NodePool:</c>.</summary>
    public ImmutableDictionary<string, ImmutableSortedSet<string>> DutyRequests { get; init; } =
        ImmutableDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal);

    /// <summary>Requests that are gone and still have nodes that no client has taken.</summary>
    public ImmutableSortedSet<string> Withdrawn { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Lock directories of requests by request id.</summary>
    public ImmutableDictionary<string, RequestLockView> RequestLocks { get; init; } = ImmutableDictionary.Create<string, RequestLockView>(StringComparer.Ordinal);

    /// <summary>Images by name.</summary>
    public ImmutableDictionary<string, ImageView> Images { get; init; } = ImmutableDictionary.Create<string, ImageView>(StringComparer.Ordinal);

    /// <summary>Jobs whose nodes are wanted when they fail, by id.</summary>
    public ImmutableDictionary<string, JobView> Jobs { get; init; } = ImmutableDictionary.Create<string, JobView>(StringComparer.Ordinal);

    /// <summary>Ledger entries of tenants whose use is limited, by tenant.</summary>
    public ImmutableDictionary<string, TenantLedgerView> Ledger { get; init; } = ImmutableDictionary.Create<string, TenantLedgerView>(StringComparer.Ordinal);

    /// <summary>Providers that shall become empty, by name.</summary>
    public ImmutableDictionary<string, DrainRecord> Drains { get; init; } = ImmutableDictionary.Create<string, DrainRecord>(StringComparer.Ordinal);

    /// <summary>Live components by path.</summary>
    public ImmutableDictionary<string, ComponentRecord> Components { get; init; } = ImmutableDictionary.Create<string, ComponentRecord>(StringComparer.Ordinal);

    /// <summary>Live processes of this product by path.</summary>
    public ImmutableDictionary<string, ProcessRecord> Processes { get; init; } = ImmutableDictionary.Create<string, ProcessRecord>(StringComparer.Ordinal);

    /// <summary>On what terms live pools decide, by path.</summary>
    public ImmutableDictionary<string, PoolTermsRecord> Terms { get; init; } = ImmutableDictionary.Create<string, PoolTermsRecord>(StringComparer.Ordinal);

    /// <summary>Live pools.</summary>
    public IEnumerable<ComponentRecord> Pools => Components.Values.Where(component => component is { Kind: "pool", Id: not null });

    /// <summary>A provider shall become empty: nothing is begun there, and what is idle goes.</summary>
    public bool IsDrained(string? provider) => provider is not null && Drains.ContainsKey(provider);

    /// <summary>A live launcher runs the pool.</summary>
    public bool IsRun(PoolKey pool) => Pools.Any(live => live.ProviderName == pool.Provider && live.Name == pool.Pool);

    /// <summary>Nodes of requests that are gone, in a fixed order.</summary>
    public IEnumerable<NodeView> Orphans => Withdrawn.SelectMany(Nodes.Of).Select(id => Nodes.ById[id]);

    /// <summary>What a duty has asked for, by id.</summary>
    public IEnumerable<RequestView> RequestsOf(string duty) =>
        DutyRequests.TryGetValue(duty, out var ids) ? ids.Select(id => Requests[id]) : [];

    /// <summary>The picture after a batch of changes.</summary>
    public ClusterView After(ChangeBatch batch)
    {
        var builder = new ClusterViewBuilder(batch.IsResync ? new ClusterView() : this);
        foreach (var change in batch.Changes)
        {
            builder.Apply(change);
        }

        return builder.Build(batch.Position);
    }

    /// <summary>The terms of a pool, by the id that it is registered under; null when it does not tell.</summary>
    public PoolTermsRecord? TermsOf(string component) =>
        Terms.Where(pair => pair.Value.Component == component).OrderByDescending(pair => pair.Key, StringComparer.Ordinal).FirstOrDefault().Value;

    /// <summary>Somebody works with a request: nobody else may write it.</summary>
    public bool IsLocked(RequestView request) => RequestLocks.GetValueOrDefault(request.Id) is { Contenders.IsEmpty: false };

    /// <summary>The image of that name, or one about which nothing is stored.</summary>
    public ImageView Image(string name) => Images.GetValueOrDefault(name) ?? new ImageView(name);
}
