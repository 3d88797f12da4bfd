using Microsoft.Extensions.Logging;
using Nodepool.Core.Launching.Governing;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Nodes;

/// <summary>Deletes a node: its instance until the cloud says that it is gone, then its record.</summary>
internal sealed partial class NodeDeletion(LauncherContext context, IProvider provider, RetryPace pace, Write fence, Func<NodeView, bool> isToBeDeleted, ILogger logger)
{
    private readonly InstanceDeletion _instances = new(provider, context.Sources, pace, (id, fault, delay) => LogFault(logger, id, fault.Fault, fault.Message, delay));

    /// <summary>Runs the deletion of one node.</summary>
    public async Task<WorkResult> RunAsync(string id, CancellationToken ct)
    {
        await using var lease = await context.Engine.TryLockAsync(NodepoolPaths.NodeLock(id), context.Lock, ct);
        if (lease is null)
        {
            return WorkResult.TryLater;
        }

        var view = await context.Feed.AtLeastAsync(lease.Position, ct);
        if (!view.Nodes.ById.TryGetValue(id, out var node)
            || (node.Record is null && await context.Engine.GetAsync(NodepoolPaths.Node(id), ct) is { Data.IsEmpty: true }))
        {
            return await RemoveOwnTraceAsync(id, lease, ct);
        }

        // What counts is who else wants the lock, not that we hold it now.
        if (node.Record is null || !isToBeDeleted(node with { Contenders = node.Contenders.Remove(NodepoolPaths.NameOf(lease.Path)) }))
        {
            return WorkResult.Done;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        var edit = new NodeEdit(context.Engine, context.Sources, id, lease, fence, context.Feed);
        var record = await edit.ChangeAsync(ToDeleting, release: false, linked.Token);
        if (record is null || !await _instances.RunAsync(id, record, linked.Token))
        {
            return WorkResult.TryLater;
        }

        if (!await edit.RemoveAsync(linked.Token))
        {
            return WorkResult.TryLater;
        }

        LogGone(logger, id);
        await edit.UntilSeenAsync(ct);
        return WorkResult.Done;
    }

    private NodeRecord ToDeleting(NodeRecord node)
    {
        if (node.State == NodeState.Deleting)
        {
            return node;
        }

        NodeTransitions.Table.Demand(node.State, NodeState.Deleting, Actors.Launcher | Actors.Cleanup);
        return node.To(NodeState.Deleting, context.Sources.UnixNow) with { AllocatedTo = null };
    }

    /// <summary>Taking the lock of a node that has just gone makes an empty node again; it must not stay.</summary>
    private async ValueTask<WorkResult> RemoveOwnTraceAsync(string id, ILease lease, CancellationToken ct)
    {
        var edit = new NodeEdit(context.Engine, context.Sources, id, lease, fence, context.Feed);
        await edit.RemoveAsync(ct);
        await edit.UntilSeenAsync(ct);
        return WorkResult.Done;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} deleted")]
    private static partial void LogGone(ILogger logger, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node} cannot be deleted now: {Fault}: {Reason}; next try in {Delay}")]
    private static partial void LogFault(ILogger logger, string node, ProviderFault fault, string reason, TimeSpan delay);
}
