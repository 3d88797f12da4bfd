using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Nodepool.Core.Collections;
using Nodepool.Core.Explaining;
using Nodepool.Core.Launching.Nodes;
using Nodepool.Core.Launching.Standing;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// Carries out the steps of a <see cref="PoolPlan"/>, each as one commit under the request's lock. The lock is kept while the request is
/// pending, because peers take a pending request without a holder for an orphan.
/// </summary>
internal sealed partial class RequestExecutor(PoolRun run, ILogger logger) : IAsyncDisposable
{
    /// <summary>Actions of one plan that are under way together; they are independent of each other.</summary>
    private const int MostAtOnce = 64;

    private readonly ConcurrentDictionary<string, ILease> _held = new(StringComparer.Ordinal);
    private readonly StandingCheck _standing = new(run, logger);
    private TenantCharges _charges = new(new ClusterView());

    /// <summary>Carries out the steps of one plan; false when somebody was quicker at some of them and the next pass has to decide anew.</summary>
    public async ValueTask<bool> ExecuteAsync(ValueList<PoolAction> actions, ClusterView view, CancellationToken ct)
    {
        _charges = new TenantCharges(view);
        var isDone = true;
        foreach (var chunk in actions.Chunk(MostAtOnce))
        {
            var done = await Task.WhenAll(chunk.Select(action => ExecuteAsync(action, view, ct).AsTask()));
            isDone &= !done.Contains(false);
        }

        return isDone;
    }

    private async ValueTask<bool> ExecuteAsync(PoolAction action, ClusterView view, CancellationToken ct)
    {
        try
        {
            switch (action)
            {
                case PoolAction.Assign assign:
                    return await AssignAsync(assign, view, ct);
                case PoolAction.Fulfil fulfil:
                    return await FulfilAsync(fulfil, ct);
                case PoolAction.Decline decline:
                    return await DeclineAsync(decline, ct);
                case PoolAction.Regroup regroup:
                    return await RegroupAsync(regroup, ct);
                case PoolAction.Release release:
                    await run.Commits.CommitAsync([Set(release.Node, release.Node.Record!.Freed())], ct);
                    LogReleased(logger, release.Node.Id, release.Node.Record!.AllocatedTo);
                    return true;
                case PoolAction.Evict evict:
                    NodeTransitions.Table.Demand(NodeState.Ready, NodeState.Deleting, Actors.Launcher);
                    await run.Commits.CommitAsync([Set(evict.Node, evict.Node.Record!.To(NodeState.Deleting, Now))], ct);
                    LogEvicted(logger, evict.Node.Id, evict.Request.Id);
                    return true;
                case PoolAction.Retire retire:
                    NodeTransitions.Table.Demand(NodeState.Ready, NodeState.Deleting, Actors.Launcher);
                    await run.Commits.CommitAsync([Set(retire.Node, retire.Node.Record!.To(NodeState.Deleting, Now))], ct);
                    LogRetired(logger, retire.Node.Id, string.Join(",", retire.Node.Record!.Type), run.Key);
                    return true;
                default:
                    throw new InvalidOperationException($"unknown action {action.GetType().Name}");
            }
        }
        catch (StateException e) when (e.IsConflict)
        {
            LogConflict(logger, action.GetType().Name, e.Message);
            await GiveUpAsync(action);
            return false;
        }
    }

    /// <summary>
    /// Gives back the locks of requests that are no longer open, and of those whose nodes have all been taken away (an operator may delete them): housekeeping
    /// lets such a request wait again.
    /// </summary>
    public async ValueTask DropStaleLocksAsync(ClusterView view)
    {
        foreach (var (id, lease) in _held)
        {
            if (view.Requests.GetValueOrDefault(id)?.Record?.State != RequestState.Pending || view.Nodes.Of(id).IsEmpty || lease.Lost.IsCancellationRequested)
            {
                _held.TryRemove(id, out _);
                await lease.DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lease in _held.Values)
        {
            await lease.DisposeAsync();
        }

        _held.Clear();
    }

    /// <summary>
    /// What we took the lock of was not pending when we decided. Should it be by now, it is somebody else's, who waits for the lock that we would
    /// keep for a pending request.
    /// </summary>
    private async ValueTask GiveUpAsync(PoolAction action)
    {
        var request = action switch
        {
            PoolAction.Assign assign => assign.Request,
            PoolAction.Decline decline => decline.Request,
            _ => null,
        };
        if (request is { Record.State: not RequestState.Pending } && _held.TryRemove(request.Id, out var lease))
        {
            await lease.DisposeAsync();
        }
    }

    private double Now => run.Context.Sources.UnixNow;

    private async ValueTask<bool> AssignAsync(PoolAction.Assign assign, ClusterView view, CancellationToken ct)
    {
        var request = assign.Request;
        if (await _standing.UnwellAsync(assign.Reused, ct) is { Count: > 0 } unwell)
        {
            NodeTransitions.Table.Demand(NodeState.Ready, NodeState.Deleting, Actors.Launcher);
            await run.Commits.CommitAsync([.. unwell.Select(node => Set(node, node.Record!.To(NodeState.Deleting, Now)))], ct);
            return false;
        }

        if (await LockAsync(request.Id, ct) is not { } lease)
        {
            return false;
        }

        var isComplete = assign.Launches.Count == 0 && request.Record!.State == RequestState.Requested;
        var state = isComplete ? RequestState.Fulfilled : RequestState.Pending;
        var reused = assign.Reused.Select(node => Set(node, node.Record! with
        {
            AllocatedTo = request.Id,
            TenantName = request.Record!.TenantName,
            Requestor = request.Record.Requestor,
        }));
        var created = assign.Launches.Select(label => (Write)new Write.Create(
            NodepoolPaths.NewNode,
            NodeLabel.NewNode(run, view, label, request, NodeLabel.NewToken(run.Context.Sources), assign.Zone).Write(),
            CreateModes.Sequential));
        var next = request.Record!.State == state ? request.Record : Move(request, state);
        next = isComplete ? next with { Nodes = InOrder(request, assign.Reused) }
            : assign.Launches.Count > 0 ? next with { LaunchDeadline = next.LaunchDeadline ?? (Now + assign.Launches.Max(run.Setup.LaunchDeadline).TotalSeconds) }
            : next;
        List<Write> writes = [new Write.Set(NodepoolPaths.Request(request.Id), next.Write(), request.Version), .. reused, .. created];
        writes = isComplete ? Releasing(lease, writes) : Holding(lease, writes);
        var result = assign.Charged is not { } tenant
            ? await run.Commits.CommitAsync(writes, ct)
            : await _charges.CommitAsync(tenant, new TenantLedgerRecord { Request = request.Id, Pool = run.Key.ToString(), Time = Now }, charge => run.Commits.CommitAsync([charge, .. writes], ct));
        if (isComplete)
        {
            Forget(request.Id);
            LogFulfilled(logger, request.Id, string.Join(",", next.Nodes));
        }

        foreach (var (path, label) in result.Created.TakeLast(assign.Launches.Count).Zip(assign.Launches))
        {
            LogOrdered(logger, NodepoolPaths.NameOf(path), label, request.Id, run.Key);
        }

        return true;
    }

    private async ValueTask<bool> FulfilAsync(PoolAction.Fulfil fulfil, CancellationToken ct)
    {
        if (await LockAsync(fulfil.Request.Id, ct) is not { } lease)
        {
            return false;
        }

        var record = Move(fulfil.Request, RequestState.Fulfilled) with { Nodes = fulfil.Nodes.Select(node => node.Id).ToValueList() };
        List<Write> writes = [new Write.Set(NodepoolPaths.Request(fulfil.Request.Id), record.Write(), fulfil.Request.Version)];
        writes.AddRange(fulfil.Nodes.Select(node => new Write.Check(NodepoolPaths.Node(node.Id), node.Version)));
        await run.Commits.CommitAsync(Releasing(lease, writes), ct);
        Forget(fulfil.Request.Id);
        LogFulfilled(logger, fulfil.Request.Id, string.Join(",", record.Nodes));
        return true;
    }

    private async ValueTask<bool> DeclineAsync(PoolAction.Decline decline, CancellationToken ct)
    {
        if (await LockAsync(decline.Request.Id, ct) is not { } lease)
        {
            return false;
        }

        var state = decline.IsFinal ? RequestState.Failed : RequestState.Requested;
        var old = decline.Request.Record!;
        var record = (old.State == state ? old : Move(decline.Request, state)) with
        {
            DeclinedBy = [.. old.DeclinedBy.Where(pool => pool != run.ComponentId), run.ComponentId],
            DeclineReasons = [.. old.DeclineReasons.Where(reason => DeclineReason.Of(reason)?.Pool != run.Key.ToString()), new DeclineReason(run.Key.ToString(), decline.Code.Word(), decline.Reason).Text],
            Nodes = [],
        };
        List<Write> writes = [new Write.Set(NodepoolPaths.Request(decline.Request.Id), record.Write(), decline.Request.Version)];
        writes.AddRange(decline.Nodes.Select(node => Set(node, node.Record!.Freed())));
        await run.Commits.CommitAsync(Releasing(lease, writes), ct);
        Forget(decline.Request.Id);
        LogDeclined(logger, decline.Request.Id, run.Key, decline.Code.Word(), decline.Reason, decline.IsFinal ? $"the request failed: {string.Join("; ", record.DeclineReasons)}" : "others may serve it");
        return true;
    }

    private async ValueTask<bool> RegroupAsync(PoolAction.Regroup regroup, CancellationToken ct)
    {
        if (await LockAsync(regroup.Request.Id, ct) is not { } lease)
        {
            return false;
        }

        var writes = regroup.Aborted.Select(node => Set(node, node.Record!.Freed())).ToList();
        var old = regroup.Request.Record!;
        var record = (regroup.Remaining > 0 ? old : Move(regroup.Request, RequestState.Requested)) with
        {
            // Who waits for room may wait without end.
            LaunchDeadline = regroup.IsHandedOver || regroup.FailedZone is not null ? old.LaunchDeadline : null,
            FailedZones = regroup.FailedZone is { } zone ? [.. old.FailedZones, ZoneChoice.NameOf(run.Key, zone)] : old.FailedZones,
            HandedOver = regroup.IsHandedOver ? [.. old.HandedOver.Where(pool => pool != run.Key.ToString()), run.Key.ToString()] : old.HandedOver,
        };
        if (record != old)
        {
            writes.Add(new Write.Set(NodepoolPaths.Request(regroup.Request.Id), record.Write(), regroup.Request.Version));
        }

        if (regroup.Remaining > 0)
        {
            await run.Commits.CommitAsync(Holding(lease, writes), ct);
        }
        else
        {
            await run.Commits.CommitAsync(Releasing(lease, writes), ct);
            Forget(regroup.Request.Id);
        }

        var why = regroup.FailedZone is { } failed ? $"not all that it needs could be launched in zone {failed}, and another is tried"
            : regroup.IsHandedOver ? $"launches in pool {run.Key} are unlikely to end"
            : "there was no room for all that it needs";
        LogRegrouped(logger, regroup.Request.Id, string.Join(",", regroup.Aborted.Select(node => node.Id)), why);
        return true;
    }

    private static ValueList<string> InOrder(RequestView request, ValueList<NodeView> nodes) =>
        LabelMatching.Of(request.Record!.NodeTypes, nodes).Select(node => node!.Id).ToValueList();

    private NodeRequestRecord Move(RequestView request, RequestState state)
    {
        RequestTransitions.Table.Demand(request.Record!.State, state, Actors.Launcher);
        return request.Record.To(state, Now);
    }

    private static Write Set(NodeView node, NodeRecord record) => new Write.Set(NodepoolPaths.Node(node.Id), record.Write(), node.Version);

    private static List<Write> Holding(ILease lease, List<Write> writes) => [new Write.Check(lease.Path, Write.AnyVersion), .. writes];

    private static List<Write> Releasing(ILease lease, List<Write> writes) => [.. writes, new Write.Delete(lease.Path, Write.AnyVersion)];

    private async ValueTask<ILease?> LockAsync(string request, CancellationToken ct)
    {
        if (_held.TryGetValue(request, out var lease) && !lease.Lost.IsCancellationRequested)
        {
            return lease;
        }

        lease = await run.Context.Engine.TryLockAsync(NodepoolPaths.RequestLock(request), run.Context.Lock, ct);
        if (lease is not null)
        {
            _held[request] = lease;
        }

        return lease;
    }

    private void Forget(string request)
    {
        if (_held.TryRemove(request, out var lease))
        {
            lease.Released();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} ordered: label {Label} for request {Request} in pool {Pool}")]
    private static partial void LogOrdered(ILogger logger, string node, string label, string request, PoolKey pool);

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {Request} fulfilled with nodes {Nodes}")]
    private static partial void LogFulfilled(ILogger logger, string request, string nodes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {Request} declined by pool {Pool} ({Code}): {Reason}; {Consequence}")]
    private static partial void LogDeclined(ILogger logger, string request, PoolKey pool, string code, string reason, string consequence);

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {Request} waits again, without nodes {Nodes}: {Reason}")]
    private static partial void LogRegrouped(ILogger logger, string request, string nodes, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} is idle again: request {Request} is gone")]
    private static partial void LogReleased(ILogger logger, string node, string? request);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} makes room for request {Request}")]
    private static partial void LogEvicted(ILogger logger, string node, string request);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} goes: label {Label} is no longer in pool {Pool}")]
    private static partial void LogRetired(ILogger logger, string node, string label, PoolKey pool);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Action}: somebody was quicker: {Conflict}")]
    private static partial void LogConflict(ILogger logger, string action, string conflict);
}
