using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Backing;

/// <summary>
/// Finds backing nodes whose slots nobody uses and whose room somebody waits for: nodes that are only kept ready give way, whatever they are slots of. One per
/// provider at a time, and none while room is coming back there anyway.
/// </summary>
/// <param name="view">All records.</param>
/// <param name="owner">Whose backing nodes; what that one waits for itself does not count.</param>
internal sealed class BackingYield(ClusterView view, string owner)
{
    /// <summary>Those that are to go.</summary>
    /// <param name="backing">The backing nodes, oldest first.</param>
    public IReadOnlySet<string> Of(IEnumerable<NodeView> backing) => backing
        .Where(node => node.Record!.State == NodeState.InUse && IsSpare(node))
        .GroupBy(node => node.Record!.Provider ?? "", StringComparer.Ordinal)
        .Where(nodes => !IsRoomComing(nodes.Key))
        .Select(nodes => nodes.FirstOrDefault(IsWanted)?.Id).OfType<string>().ToHashSet(StringComparer.Ordinal);

    private bool IsSpare(NodeView backing) => view.Nodes.PlacedOn(backing.Id).All(id => view.Nodes.ById[id] is { IsLocked: false, Record.IsIdle: true });

    private bool IsRoomComing(string provider) => view.Nodes.Active.Where(pool => pool.Key.Provider == provider).SelectMany(pool => pool.Value)
        .Any(id => view.Nodes.ById[id].Record!.State is NodeState.Used or NodeState.Deleting or NodeState.Deleted or NodeState.Failed or NodeState.Aborted);

    /// <summary>
    /// A full pool of the provider could serve a request that is more than a wish for ready nodes: with the room of the node, or, where hosts exist already, with the
    /// node itself.
    /// </summary>
    private bool IsWanted(NodeView backing) => view.Pools.Where(pool => pool.ProviderName == backing.Record!.Provider && MayServe(pool)).Any(pool => view.OpenRequests.Any(request =>
        request.Record is { State: RequestState.Requested } record && !PoolPlanner.IsMinReady(request) && record.Requestor != owner && !view.IsLocked(request)
        && record.NodeTypes.Count > 0 && record.NodeTypes.All(pool.SupportedLabels.Contains) && !record.DeclinedBy.Contains(pool.Id!)
        && (pool.IsStanding
            ? pool.Name == backing.Record!.Pool && record.NodeTypes.Any(backing.Record.Type.Contains)
            : record.NodeTypes.All(label => view.TermsOf(pool.Id!)?.IsBroken(label) != true))));

    /// <summary>Its being full is a want of room or of hosts: it may launch, or has nothing to launch.</summary>
    private bool MayServe(ComponentRecord pool) =>
        pool.Paused && !view.IsDrained(pool.ProviderName) && (pool.IsStanding || view.TermsOf(pool.Id!)?.SwitchedOff.Contains("launches") != true);
}
