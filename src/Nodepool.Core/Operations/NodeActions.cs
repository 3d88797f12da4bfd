using Nodepool.Core.Canaries;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>
/// What an operator does with a node: give it back, keep it, delete it. Each is one commit under the node's lock, fenced by the
/// lock's contender and checked against the version that was read, so that a race with a launcher or a client changes nothing.
/// </summary>
/// <param name="engine">The store.</param>
/// <param name="sources">Time.</param>
/// <param name="who">Who asks.</param>
public sealed class NodeActions(IStateEngine engine, Sources sources, ClientIdentity who)
{
    private const int Attempts = 5;
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(5);

    /// <summary>Gives a node back, whatever it was used for.</summary>
    /// <inheritdoc cref="ReturnAsync(string, EndedJob?, CancellationToken)"/>
    public ValueTask<NodeRecord> ReturnAsync(string id, CancellationToken ct) => ReturnAsync(id, job: null, ct);

    /// <summary>
    /// Gives a node back that was taken by <c>request</c> or is held; a launcher then deletes it. The node of a failed job is held instead
    /// while fewer nodes are held for that job than its <see cref="JobRecord"/> wants.
    /// </summary>
    /// <param name="id">The node.</param>
    /// <param name="job">What it was used for; with a job a node that is held already stays so.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The node afterwards, used or held.</returns>
    /// <exception cref="OperationRefusedException">Not done.</exception>
    public async ValueTask<NodeRecord> ReturnAsync(string id, EndedJob? job, CancellationToken ct)
    {
        var was = NodeState.Used;
        var node = await DecideAsync(
            id,
            async () =>
            {
                var hold = await JobHold.FindAsync(engine, job, ct);
                return new NodeDecision(node => Returned(id, node, job, hold, was = node.State), hold is null ? [] : [hold.Fence]);
            },
            ct);
        if (job is not null && was == NodeState.InUse)
        {
            await new CanaryLedger(engine).JobAsync(node.ImageId, node.Type.FirstOrDefault(""), job.HasFailed, ct);
        }

        return node;
    }

    private NodeRecord Returned(string id, NodeRecord node, EndedJob? job, JobHold? hold, NodeState state) => state switch
    {
        NodeState.Used => node,
        NodeState.Hold when job is not null => node,
        NodeState.InUse when hold is not null => Move(node, NodeState.Hold) with { HoldJob = hold.Job, Comment = hold.Comment },
        NodeState.InUse or NodeState.Hold => Move(node, NodeState.Used),
        _ => throw WrongState(id, node, "only nodes that are in use or held can be returned"),
    };

    /// <summary>Keeps a node for a human. A node that is held already gets the new reason and time limit.</summary>
    /// <param name="id">The node.</param>
    /// <param name="reason">Stored as its comment; null keeps the comment.</param>
    /// <param name="limit">It is deleted after this time; null keeps it until somebody returns or deletes it.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="OperationRefusedException">Not done.</exception>
    public ValueTask<NodeRecord> HoldAsync(string id, string? reason, TimeSpan? limit, CancellationToken ct) => ChangeAsync(
        id,
        node => (node.State is NodeState.Ready or NodeState.InUse or NodeState.Hold ? Move(node, NodeState.Hold)
            : throw WrongState(id, node, "only nodes that are ready or in use can be held")) with
        {
            Comment = reason ?? node.Comment,
            HoldExpiration = limit is null ? null : (int)limit.Value.TotalSeconds,
        },
        ct);

    /// <summary>Marks a node as to be deleted; the launcher of its pool does the rest. Asking twice does no harm.</summary>
    /// <exception cref="OperationRefusedException">Not done.</exception>
    public ValueTask<NodeRecord> DeleteAsync(string id, CancellationToken ct) => ChangeAsync(
        id,
        node => node.State is NodeState.Deleting or NodeState.Deleted ? node
            : node.State is NodeState.InUse ? throw WrongState(id, node, $"give it back first: nodepool return {id}")
            : NodeTransitions.Table.Allows(node.State, NodeState.Deleting, Actors.Operator) ? Move(node, NodeState.Deleting)
            : throw WrongState(id, node, "a launcher is at it and will delete it if it fails"),
        ct);

    private ValueTask<NodeRecord> ChangeAsync(string id, Func<NodeRecord, NodeRecord> change, CancellationToken ct) =>
        DecideAsync(id, () => new(new NodeDecision(change)), ct);

    private async ValueTask<NodeRecord> DecideAsync(string id, Func<ValueTask<NodeDecision>> decide, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryChangeAsync(id, await decide(), ct);
            }
            catch (StateException e) when (e.IsConflict)
            {
                if (attempt == Attempts)
                {
                    throw new OperationRefusedException(Refusal.Busy, $"node {id} is being changed by others all the time; try again");
                }
            }
        }
    }

    private async ValueTask<NodeRecord> TryChangeAsync(string id, NodeDecision decision, CancellationToken ct)
    {
        // Looked at before it is locked: locking a node that is gone would bring an empty record into being.
        var entry = await FindAsync(id, ct) ?? throw NotFound(id);
        var before = Read(id, entry);
        if (ReferenceEquals(decision.Change(before), before))
        {
            return before;
        }

        var held = await LockContender.HolderAsync(engine, NodepoolPaths.NodeLock(id), ct);
        if (held is { SurvivesSession: true } && ClientIdentity.IsCommandLine(held.Holder))
        {
            return await StoreAsync(id, entry, decision, held.Path, ct);
        }

        await using var lease = await engine.TryLockAsync(NodepoolPaths.NodeLock(id), new LockOptions(who.Holder, LockWait), ct) ?? throw await LockedAsync(id, before, ct);
        entry = await FindAsync(id, ct);
        if (entry is null)
        {
            await ForgetEmptyAsync(id, lease);
            throw NotFound(id);
        }

        var changed = await StoreAsync(id, entry, decision, lease.Path, ct);
        lease.Released();
        return changed;
    }

    /// <summary>Commits the change and gives the lock up in one; fails if the lock was lost.</summary>
    private async ValueTask<NodeRecord> StoreAsync(string id, Entry entry, NodeDecision decision, string contender, CancellationToken ct)
    {
        var before = Read(id, entry);
        var changed = decision.Change(before);
        List<Write> writes = [.. decision.Fence, new Write.Set(entry.Path, changed.Write(), entry.Version), new Write.Delete(contender, Write.AnyVersion)];
        if (before is { State: NodeState.Ready, AllocatedTo: { } request } && await engine.GetAsync(NodepoolPaths.Request(request), ct) is { } promised)
        {
            RequireNotPromised(id, request, promised);
            writes.Insert(0, new Write.Check(promised.Path, promised.Version));
        }

        await engine.CommitAsync(writes, ct);
        return changed;
    }

    /// <summary>Zuul takes the nodes of a fulfilled request without another look at their state: such a node must stay as it is.</summary>
    private static void RequireNotPromised(string id, string request, Entry promised)
    {
        if (ClusterViewBuilder.Understand(promised, NodeRequestRecord.Read)?.State == RequestState.Fulfilled)
        {
            throw new OperationRefusedException(
                Refusal.WrongState, $"node {id} was just given to request {request}, whose client is about to use it; try again when it is in use or free");
        }
    }

    /// <summary>The node went while we locked it, and our lock has made an empty record in its place: both go again.</summary>
    private async ValueTask ForgetEmptyAsync(string id, ILease lease)
    {
        try
        {
            await engine.CommitAsync(
                [
                    new Write.Delete(lease.Path, Write.AnyVersion),
                    new Write.Delete(NodepoolPaths.NodeLock(id), Write.AnyVersion),
                    new Write.Delete(NodepoolPaths.Node(id), 0),
                ],
                CancellationToken.None);
            lease.Released();
        }
        catch (StateException e) when (e.IsConflict)
        {
            // Somebody else waits for the lock or cleans up as well; launchers remove empty records.
        }
    }

    private async ValueTask<Entry?> FindAsync(string id, CancellationToken ct)
    {
        var entry = id.Length > 0 && id.All(char.IsAsciiLetterOrDigit) ? await engine.GetAsync(NodepoolPaths.Node(id), ct) : null;
        return entry is { Data.IsEmpty: false } ? entry : null;
    }

    private async ValueTask<OperationRefusedException> LockedAsync(string id, NodeRecord node, CancellationToken ct)
    {
        var holder = await LockContender.HolderAsync(engine, NodepoolPaths.NodeLock(id), ct);
        return new OperationRefusedException(
            Refusal.Locked, $"node {id}, which is {node.State.Word()}, is locked by {holder?.Description ?? "somebody who has let go of it just now"}; try again later");
    }

    private NodeRecord Move(NodeRecord node, NodeState to)
    {
        if (node.State != to)
        {
            NodeTransitions.Table.Demand(node.State, to, Actors.Operator);
        }

        return node.To(to, sources.UnixNow);
    }

    private static NodeRecord Read(string id, Entry entry)
    {
        try
        {
            return NodeRecord.Read(entry.Data.Span);
        }
        catch (RecordFormatException e)
        {
            throw new OperationRefusedException(Refusal.WrongState, $"the record of node {id} cannot be understood and is left alone: {e.Message}");
        }
    }

    private static OperationRefusedException NotFound(string id) => new(Refusal.NotFound, $"node {id} not found; nodepool list shows the nodes that exist");

    private static OperationRefusedException WrongState(string id, NodeRecord node, string remedy) =>
        new(Refusal.WrongState, $"node {id} is {node.State.Word()}: {remedy}");
}
