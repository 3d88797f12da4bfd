using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Testing.Simulation;

/// <summary>One job of a <see cref="SimClient"/>: waits for its request, takes the nodes, uses them, gives them back.</summary>
internal sealed class SimJob(SimClient client, SimWorld world)
{
    private readonly SimNodes _nodes = new(client.Store, world);

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
        var isOurs = await _nodes.AcceptAsync(id, request);
        await client.WithdrawAsync(id);
        if (isOurs && client.Random.Next(15) != 0)
        {
            await UseAsync();
        }

        await _nodes.ReleaseAsync();
    }

    /// <summary>The request when it has ended; null when it was withdrawn.</summary>
    private async ValueTask<NodeRequestRecord?> WaitAsync(string id, DateTimeOffset withdrawAt)
    {
        while (true)
        {
            await client.PauseAsync(4);
            var entry = await client.Store.AskAsync(engine => engine.GetAsync(NodepoolPaths.Request(id), CancellationToken.None));
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
        await using var lease = await client.Store.AskAsync(engine => engine.TryLockAsync(NodepoolPaths.RequestLock(id), LockOptions.Immediate, CancellationToken.None));
        if (lease is not null)
        {
            await client.Store.TryAsync(new Write.Set(entry.Path, (request with { RelativePriority = client.Random.Next(5) }).Write(), entry.Version));
        }
    }

    private async ValueTask UseAsync()
    {
        await _nodes.StoreAsync(node => node.To(NodeState.InUse, client.Process.Sources.UnixNow));
        await client.PauseAsync(60);
        if (client.Random.Next(8) == 0)
        {
            await _nodes.StoreAsync(node => node.To(NodeState.Hold, client.Process.Sources.UnixNow) with
            {
                HoldJob = "job",
                Comment = "why",
                HoldExpiration = client.Random.Next(3) == 0 ? null : client.Random.Next(20, 200),
            });
            world.Tally.Held += _nodes.Count;
        }
        else
        {
            await _nodes.StoreAsync(node => node.To(NodeState.Used, client.Process.Sources.UnixNow));
            world.Tally.Used += _nodes.Count;
        }
    }
}
