using Nodepool.Core.State;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.State.ZooKeeper;

/// <summary>
/// Makes commits, in the order of their calls and without waiting for each other's answers. Only a commit of which one does not know whether
/// the parents of its entries exist is awaited before the next: it may have to be sent again with them.
/// </summary>
internal sealed class Committer(ZooKeeperClient client, TreeFollower follower, StoreClock clock)
{
    // Each time somebody else has made or deleted a parent between our look and our commit.
    private const int Attempts = 10;

    private readonly Lock _gate = new();
    private Task _turn = Task.CompletedTask;

    /// <inheritdoc cref="IStateEngine.CommitAsync"/>
    public Task<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (writes.Count == 0)
        {
            return Task.FromResult(new CommitResult(client.Ticket.LastZxid, []));
        }

        lock (_gate)
        {
            if (_turn.IsCompleted && CommitPlan.For(writes, follower.Exists) is { IsDoubtful: false } plan)
            {
                return FinishAsync(plan, SendAsync(plan, ct), writes, ct);
            }

            return QueueUp(writes, ct);
        }
    }

    /// <summary>The plan was made without doubt; when the tree has changed since, it is made anew.</summary>
    private async Task<CommitResult> FinishAsync(CommitPlan plan, Task<Reply<OperationResult[]>> sending, IReadOnlyList<Write> writes, CancellationToken ct)
    {
        var reply = await sending;
        if (ResultOf(plan, reply, writes) is { } result)
        {
            return result;
        }

        Task<CommitResult> again;
        lock (_gate)
        {
            again = QueueUp(writes, ct);
        }

        return await again;
    }

    private Task<CommitResult> QueueUp(IReadOnlyList<Write> writes, CancellationToken ct)
    {
        var commit = CommitInTurnAsync(_turn, writes, ct);
        _turn = EndAsync(commit);
        return commit;

        static async Task EndAsync(Task commit) => await commit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<CommitResult> CommitInTurnAsync(Task turn, IReadOnlyList<Write> writes, CancellationToken ct)
    {
        await turn;
        // At first parents that nobody knows of are taken to exist, as they mostly do.
        Func<string, bool?> exists = follower.Exists;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var plan = CommitPlan.For(writes, exists);
            if (ResultOf(plan, await SendAsync(plan, ct), writes) is { } result)
            {
                return result;
            }

            var present = await LookAsync(CommitPlan.Parents(writes), ct);
            exists = path => present.Contains(path);
        }

        throw new StateException(
            StateFault.Unavailable, writes[0].Path, $"{writes[0].Path}: what is above it was made and deleted by others {Attempts} times in a row; nothing was applied.");
    }

    /// <returns>The result, or null when the plan misjudged which parents exist.</returns>
    private static CommitResult? ResultOf(CommitPlan plan, Reply<OperationResult[]> reply, IReadOnlyList<Write> writes)
    {
        var results = reply.Value;
        var failed = Array.FindIndex(results, result => result.Error is not (ErrorCode.Ok or ErrorCode.RuntimeInconsistency));
        if (failed < 0)
        {
            var created = new List<string>();
            for (var i = 0; i < results.Length; i++)
            {
                if (plan.IsWrite(i) && results[i].Path is { } path)
                {
                    created.Add(path);
                }
            }

            return new CommitResult(reply.Zxid, created);
        }

        return plan.IsMisjudged(failed, results[failed].Error)
            ? null
            : throw ZooKeeperFault.Of(results[failed].Error, writes[plan.WriteOf(failed)].Path);
    }

    private async Task<Reply<OperationResult[]>> SendAsync(CommitPlan plan, CancellationToken ct)
    {
        var operations = plan.Operations;
        follower.Committing();
        try
        {
            if (operations is not [not Operation.Check and var only])
            {
                return await client.SendAsync(Requests.Multi(operations, reply => Settled(operations, reply?.Value, reply?.Zxid ?? 0)), ct);
            }

            var (result, zxid) = await client.SendAsync(
                Requests.Single(only, reply => Settled(operations, reply is { Value: var value } ? [value] : null, reply?.Zxid ?? 0)), ct);
            return new Reply<OperationResult[]>([result], zxid);
        }
        catch (ZooKeeperException e) when (!e.IsOutcomeUnknown && e.Code is ErrorCode.NoNode or ErrorCode.NodeExists or ErrorCode.NotEmpty
            or ErrorCode.BadVersion or ErrorCode.NoChildrenForEphemerals)
        {
            return new Reply<OperationResult[]>([new OperationResult(e.Code)], 0);
        }
        catch (ZooKeeperException e)
        {
            throw ZooKeeperFault.Of(e);
        }
    }

    private void Settled(IReadOnlyList<Operation> operations, OperationResult[]? results, long zxid) => follower.Committed(
        results is null || Array.Exists(results, result => result.Error != ErrorCode.Ok)
            ? null
            : OwnChanges.Of(operations, results, zxid, client.Ticket.Id, clock));

    private async Task<HashSet<string>> LookAsync(List<string> paths, CancellationToken ct)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        if (paths.Count == 0)
        {
            return present;
        }

        try
        {
            var (reads, _) = await client.SendAsync(Requests.ReadMany(paths, withChildren: false), ct);
            for (var i = 0; i < reads.Length; i++)
            {
                if (reads[i].Exists)
                {
                    present.Add(paths[i]);
                }
            }
        }
        catch (ZooKeeperException e)
        {
            throw ZooKeeperFault.Of(e);
        }

        return present;
    }
}
