using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.State;

namespace Nodepool.Core.Operations;

/// <summary>The client's side of a node request: ask, take, withdraw.</summary>
/// <param name="engine">The store.</param>
/// <param name="sources">Time and ids.</param>
/// <param name="who">Who asks.</param>
public sealed class RequestActions(IStateEngine engine, Sources sources, ClientIdentity who)
{
    private const int Attempts = 5;

    /// <summary>Stores a request.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="endsWithSession">It is withdrawn by itself when this process ends.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Its id.</returns>
    public async ValueTask<string> SubmitAsync(NewNodeRequest request, bool endsWithSession, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        var record = request.ToRecord(sources.UnixNow, sources.Ids.NewId());
        var modes = CreateModes.Sequential | (endsWithSession ? CreateModes.Ephemeral : CreateModes.Persistent);
        var result = await engine.CommitAsync([new Write.Create(NodepoolPaths.NewRequest(request.Priority), record.Write(), modes)], ct);
        return NodepoolPaths.NameOf(result.Created[0]);
    }

    /// <summary>Deletes a request in whatever state; launchers free what was allocated to it.</summary>
    /// <returns>Whether it was there.</returns>
    public async ValueTask<bool> WithdrawAsync(string id, CancellationToken ct)
    {
        try
        {
            await engine.CommitAsync([new Write.Delete(NodepoolPaths.Request(id), Write.AnyVersion)], ct);
            return true;
        }
        catch (StateException e) when (e.Fault == StateFault.NotFound)
        {
            return false;
        }
    }

    /// <summary>
    /// Takes the nodes of a fulfilled request in one commit: every node gets a lock that outlives this process and becomes in use, and the
    /// request goes. Nobody can come between, and a crash leaves either all or nothing.
    /// </summary>
    /// <exception cref="OperationRefusedException">The request or one of its nodes is not as it must be; nothing was changed.</exception>
    public async ValueTask<IReadOnlyList<TakenNode>> TakeAsync(string id, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryTakeAsync(id, ct);
            }
            catch (StateException e) when (e.IsConflict)
            {
                if (attempt == Attempts)
                {
                    throw new OperationRefusedException(Refusal.Busy, $"the nodes of request {id} are being changed by others all the time; try again");
                }
            }
        }
    }

    private async ValueTask<IReadOnlyList<TakenNode>> TryTakeAsync(string id, CancellationToken ct)
    {
        var (request, version) = await ReadAsync(id, ct);
        var taken = new List<TakenNode>();
        var writes = new List<Write>();
        foreach (var (node, label) in request.Nodes.Zip(request.NodeTypes))
        {
            var entry = await engine.GetAsync(NodepoolPaths.Node(node), ct);
            var record = await RequireOursAsync(id, node, entry, ct);
            NodeTransitions.Table.Demand(record.State, NodeState.InUse, Actors.Client);
            record = record.To(NodeState.InUse, sources.UnixNow) with { UserData = who.ToUserData() };
            writes.Add(LockContender.NewPersistent(NodepoolPaths.NodeLock(node), sources.Ids.NewId(), who.Holder));
            writes.Add(new Write.Set(entry!.Path, record.Write(), entry.Version));
            taken.Add(new TakenNode(node, label, record));
        }

        writes.Add(new Write.Delete(NodepoolPaths.Request(id), version));
        await engine.CommitAsync(writes, ct);
        return taken;
    }

    private async ValueTask<(NodeRequestRecord Record, int Version)> ReadAsync(string id, CancellationToken ct)
    {
        var entry = await engine.GetAsync(NodepoolPaths.Request(id), ct)
            ?? throw new OperationRefusedException(Refusal.NotFound, $"request {id} not found; nodepool request-list shows the requests that exist");
        var record = Read(entry.Data, NodeRequestRecord.Read, $"request {id}");
        return record.State == RequestState.Fulfilled && record.Nodes.Count == record.NodeTypes.Count
            ? (record, entry.Version)
            : throw new OperationRefusedException(Refusal.WrongState, $"request {id} is {record.State.Word()}: there are no nodes to take yet");
    }

    private async ValueTask<NodeRecord> RequireOursAsync(string request, string node, Entry? entry, CancellationToken ct)
    {
        var record = entry is null ? null : Read(entry.Data, NodeRecord.Read, $"node {node}");
        if (record is not { State: NodeState.Ready } || record.AllocatedTo != request)
        {
            throw new OperationRefusedException(
                Refusal.WrongState, $"node {node} of request {request} is {record?.State.Word() ?? "gone"}; withdraw the request and ask again");
        }

        var holder = await LockContender.HolderAsync(engine, NodepoolPaths.NodeLock(node), ct);
        return holder is null
            ? record
            : throw new OperationRefusedException(Refusal.Locked, $"node {node} of request {request} is locked by {holder.Description}");
    }

    private static T Read<T>(ReadOnlyMemory<byte> data, Func<ReadOnlySpan<byte>, T> read, string what)
    {
        try
        {
            return read(data.Span);
        }
        catch (RecordFormatException e)
        {
            throw new OperationRefusedException(Refusal.WrongState, $"the record of {what} cannot be understood and is left alone: {e.Message}");
        }
    }
}
