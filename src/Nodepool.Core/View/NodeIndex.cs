using System.Collections.Immutable;
using Nodepool.Core.Model;

namespace Nodepool.Core.View;

/// <summary>
/// All nodes, with what the planners look up kept ready, so that a pass costs time in proportion to what waits and not to all that
/// exists. Immutable; <see cref="Builder"/> makes the next one from changes.
/// </summary>
public sealed partial class NodeIndex
{
    private static readonly ImmutableSortedSet<string> NoIds = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    private NodeIndex()
    {
    }

    /// <summary>No nodes.</summary>
    public static NodeIndex Empty { get; } = new();

    /// <summary>Every node by id.</summary>
    public ImmutableDictionary<string, NodeView> ById { get; private init; } = ImmutableDictionary.Create<string, NodeView>(StringComparer.Ordinal);

    /// <summary>Idle nodes by pool and label, oldest first; a node of several labels is under each.</summary>
    public ImmutableDictionary<(PoolKey Pool, string Label), ImmutableSortedSet<string>> Idle { get; private init; } =
        ImmutableDictionary<(PoolKey, string), ImmutableSortedSet<string>>.Empty;

    /// <summary>The same by age, for those who end what is too old.</summary>
    public ImmutableDictionary<(PoolKey Pool, string Label), ImmutableSortedSet<NodeMoment>> IdleByAge { get; private init; } =
        ImmutableDictionary<(PoolKey, string), ImmutableSortedSet<NodeMoment>>.Empty;

    /// <summary>Nodes that are allocated to a request and not yet taken by its client, by request.</summary>
    public ImmutableDictionary<string, ImmutableSortedSet<string>> ByRequest { get; private init; } =
        ImmutableDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal);

    /// <summary>Nodes that a launcher may have to do something about (to launch or to delete), by pool; not those that a client has.</summary>
    public ImmutableDictionary<PoolKey, ImmutableSortedSet<string>> Active { get; private init; } =
        ImmutableDictionary<PoolKey, ImmutableSortedSet<string>>.Empty;

    /// <summary>All nodes by pool, whatever their state.</summary>
    public ImmutableDictionary<PoolKey, ImmutableSortedSet<string>> ByPool { get; private init; } =
        ImmutableDictionary<PoolKey, ImmutableSortedSet<string>>.Empty;

    /// <summary>Nodes whose slots are nodes of another provider, by <see cref="BackingRecord.Owner"/>.</summary>
    public ImmutableDictionary<string, ImmutableSortedSet<string>> ByOwner { get; private init; } =
        ImmutableDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal);

    /// <summary>Nodes that are slots of another node, by that node.</summary>
    public ImmutableDictionary<string, ImmutableSortedSet<string>> ByBacking { get; private init; } =
        ImmutableDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal);

    /// <summary>What the nodes of a pool use together, whatever their state: a deleted node frees its quota when it is gone.</summary>
    public ImmutableDictionary<PoolKey, Quota> Usage { get; private init; } = ImmutableDictionary<PoolKey, Quota>.Empty;

    /// <summary>What works for somebody, whatever its state and wherever it is; idle nodes work for nobody.</summary>
    public ImmutableDictionary<Party, Quota> Parties { get; private init; } = ImmutableDictionary<Party, Quota>.Empty;

    /// <summary>Held nodes.</summary>
    public ImmutableSortedSet<string> Held { get; private init; } = NoIds;

    /// <summary>The same by pool and by age.</summary>
    public ImmutableDictionary<PoolKey, ImmutableSortedSet<NodeMoment>> HeldByAge { get; private init; } = ImmutableDictionary<PoolKey, ImmutableSortedSet<NodeMoment>>.Empty;

    /// <summary>Those that are held for a time of their own, by pool and by its end.</summary>
    public ImmutableDictionary<PoolKey, ImmutableSortedSet<NodeMoment>> HeldByEnd { get; private init; } = ImmutableDictionary<PoolKey, ImmutableSortedSet<NodeMoment>>.Empty;

    /// <summary>Entries that are empty or cannot be understood.</summary>
    public IEnumerable<NodeView> Unreadable => UnreadableIds.Select(id => ById[id]);

    private ImmutableSortedSet<string> UnreadableIds { get; init; } = NoIds;

    /// <summary>Idle nodes of a label in a pool, oldest first.</summary>
    public ImmutableSortedSet<string> IdleOf(PoolKey pool, string label) => Idle.GetValueOrDefault((pool, label), NoIds);

    /// <summary>Idle nodes of several lists, each once, oldest first.</summary>
    public IEnumerable<NodeView> IdleIn(IEnumerable<(PoolKey Pool, string Label)> lists) => lists
        .SelectMany(list => IdleOf(list.Pool, list.Label)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        .Select(id => ById[id]);

    /// <summary>Nodes allocated to a request and not yet taken.</summary>
    public ImmutableSortedSet<string> Of(string request) => ByRequest.GetValueOrDefault(request, NoIds);

    /// <summary>Nodes of a pool that may need launching or deleting.</summary>
    public ImmutableSortedSet<string> ActiveIn(PoolKey pool) => Active.GetValueOrDefault(pool, NoIds);

    /// <summary>Nodes whose slots somebody lends, oldest first.</summary>
    public ImmutableSortedSet<string> OwnedBy(string owner) => ByOwner.GetValueOrDefault(owner, NoIds);

    /// <summary>Nodes that are slots of a node.</summary>
    public ImmutableSortedSet<string> PlacedOn(string node) => ByBacking.GetValueOrDefault(node, NoIds);

    /// <summary>All nodes of a pool, oldest first.</summary>
    public ImmutableSortedSet<string> In(PoolKey pool) => ByPool.GetValueOrDefault(pool, NoIds);

    /// <summary>What the nodes of a pool use together.</summary>
    public Quota UsageOf(PoolKey pool) => Usage.GetValueOrDefault(pool, Quota.Zero);

    /// <summary>What the nodes of all pools of a provider use together, configured or not.</summary>
    public Quota UsageOf(string provider) =>
        Usage.Where(pair => pair.Key.Provider == provider).Aggregate(Quota.Zero, (sum, pair) => sum.Plus(pair.Value));

    /// <summary>What works for a party, over all providers.</summary>
    public Quota UsageOf(Party party) => Parties.GetValueOrDefault(party, Quota.Zero);

    private static bool IsWaitingForClient(NodeRecord node) =>
        node.AllocatedTo is not null && node.State is NodeState.Init or NodeState.Building or NodeState.Ready or NodeState.Failed or NodeState.Aborted;

    private static bool IsActive(NodeView node) => node.Record!.State is not (NodeState.Ready or NodeState.Hold) && node is not { Record.State: NodeState.InUse, IsLocked: true };
}
