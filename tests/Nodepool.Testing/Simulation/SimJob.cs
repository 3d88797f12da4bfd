using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Testing.Simulation;

/// <summary>One job of a <see cref="SimClient"/>: waits for its request, takes the nodes, uses them, gives them back.</summary>
internal sealed class SimJob(SimClient client, SimWorld world)
{
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (NodeRecord Record, ILease? Lease)> _nodes = new(StringComparer.Ordinal);

    public async Task RunAsync(string id)
    {
        var withdrawAt = client.Random.Next(4) == 0 ? world.Scheduler.Now + TimeSpan.FromSeconds(client.Random.Next(60)) : DateTimeOffset.MaxValue;
        if (await WaitAsync(id, withdrawAt) is not { } request)
        {
            return;
        }

        if (request.State == RequestState.Failed || client.Random.Next(12) == 0)
        {
            await client.WithdrawAsync(id);
            return;
        }

        await client.PauseAsync(client.Random.Next(3) * 10);
        var isOurs = await AcceptAsync(id, request);
        await client.WithdrawAsync(id);
        if (isOurs && client.Random.Next(15) != 0)
        {
            await UseAsync();
        }

        foreach (var (_, lease) in _nodes.Values)
        {
            await (lease?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    /// <summary>The request when it has ended; null when it was withdrawn.</summary>
    private async ValueTask<NodeRequestRecord?> WaitAsync(string id, DateTimeOffset withdrawAt)
    {
        while (true)
        {
            await client.PauseAsync(4);
            var entry = await client.AskAsync(engine => engine.GetAsync(NodepoolPaths.Request(id), CancellationToken.None));
            if (entry is null)
            {
                world.Fail($"request {id} is gone although its client did not withdraw it");
                return null;
            }

            var request = NodeRequestRecord.Read(entry.Data.Span);
            if (request.State is RequestState.Fulfilled or RequestState.Failed)
            {
                world.Tally.Fulfilled += request.State == RequestState.Fulfilled ? 1 : 0;
                world.Tally.Failed += request.State == RequestState.Failed ? 1 : 0;
                return request;
            }

            if (world.Scheduler.Now >= withdrawAt)
            {
                world.Tally.Withdrawn++;
                await client.WithdrawAsync(id);
                return null;
            }

            if (request.State == RequestState.Requested && client.Random.Next(10) == 0)
            {
                await ReviseAsync(id, entry, request);
            }
        }
    }

    /// <summary>A new relative priority, under the request's lock and by compare-and-set; somebody else's lock ends the attempt.</summary>
    private async ValueTask ReviseAsync(string id, Entry entry, NodeRequestRecord request)
    {
        await using var lease = await client.AskAsync(engine => engine.TryLockAsync(NodepoolPaths.RequestLock(id), LockOptions.Immediate, CancellationToken.None));
        if (lease is not null)
        {
            await client.TryAsync(new Write.Set(entry.Path, (request with { RelativePriority = client.Random.Next(5) }).Write(), entry.Version));
        }
    }

    private async ValueTask<bool> AcceptAsync(string id, NodeRequestRecord request)
    {
        foreach (var nodeId in request.Nodes)
        {
            var entry = await client.AskAsync(engine => engine.GetAsync(NodepoolPaths.Node(nodeId), CancellationToken.None));
            world.Require(entry is { Data.IsEmpty: false } || world.Model.Tainted.Contains(nodeId), $"request {id} is fulfilled, but when its client comes node {nodeId} is gone");
            if (entry is null or { Data.IsEmpty: true })
            {
                return false;
            }

            if (world.Model.Nodes.GetValueOrDefault(nodeId)?.IsTainted == true)
            {
                // A write of the client itself that came late, without its lock, has spoilt the node.
                return false;
            }

            var node = NodeRecord.Read(entry.Data.Span);
            world.Require(node.AllocatedTo == id, $"request {id} is fulfilled, but when its client comes node {nodeId} belongs to {node.AllocatedTo ?? "nobody"}");
            world.Require(node.State == NodeState.Ready, $"request {id} is fulfilled, but when its client comes node {nodeId} is {node.State}");
            var lease = await client.AskAsync(engine => engine.TryLockAsync(NodepoolPaths.NodeLock(nodeId), new LockOptions(Wait: LockWait), CancellationToken.None));
            _nodes[nodeId] = (node, lease);
            if (lease is null)
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask UseAsync()
    {
        foreach (var (nodeId, (record, lease)) in _nodes.ToArray())
        {
            _nodes[nodeId] = (record.To(NodeState.InUse, client.Process.Sources.UnixNow), lease);
            await StoreAsync(nodeId);
        }

        await client.PauseAsync(60);
        var isHeld = client.Random.Next(8) == 0;
        foreach (var (nodeId, (record, lease)) in _nodes.ToArray())
        {
            var next = record.To(isHeld ? NodeState.Hold : NodeState.Used, client.Process.Sources.UnixNow);
            _nodes[nodeId] = (isHeld ? next with { HoldJob = "job", Comment = "why", HoldExpiration = client.Random.Next(3) == 0 ? null : client.Random.Next(20, 200) } : next, lease);
            await StoreAsync(nodeId);
            world.Tally.Used += isHeld ? 0 : 1;
            world.Tally.Held += isHeld ? 1 : 0;
        }
    }

    /// <summary>As Zuul writes: what it read, changed, whatever is there now.</summary>
    private async ValueTask StoreAsync(string nodeId) =>
        await client.TryAsync(new Write.Set(NodepoolPaths.Node(nodeId), _nodes[nodeId].Record.Write(), Write.AnyVersion));
}
