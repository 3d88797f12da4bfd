using Nodepool.Core.Model;

namespace Nodepool.Testing.Simulation.Days;

/// <summary>One job of a <see cref="DayClient"/>: asks for its nodes, uses them, gives them back; at once when it is cancelled.</summary>
internal static class DayJob
{
    /// <summary>Runs it.</summary>
    public static async Task RunAsync(DayClient client, DayWork work, int relativePriority, CancellationToken cancelled)
    {
        client.Jobs++;
        var tally = client.World.Tally;
        var id = await client.SubmitAsync(work, relativePriority);
        var request = await client.EndedAsync(id, cancelled);
        tally.Withdrawn += request is null ? 1 : 0;
        tally.Failed += request?.State == RequestState.Failed ? 1 : 0;
        if (request is not { State: RequestState.Fulfilled })
        {
            await client.WithdrawAsync(id);
        }
        else
        {
            tally.Fulfilled++;
            var nodes = new SimNodes(client.Store, client.World);
            var isOurs = await nodes.AcceptAsync(id, request);
            await client.WithdrawAsync(id);
            if (isOurs)
            {
                await UseAsync(client, nodes, work.Duration, cancelled);
                tally.Used += nodes.Count;
            }

            await nodes.ReleaseAsync();
        }

        client.Jobs--;
    }

    private static async ValueTask UseAsync(DayClient client, SimNodes nodes, TimeSpan duration, CancellationToken cancelled)
    {
        await nodes.StoreAsync(node => node.To(NodeState.InUse, client.Process.Sources.UnixNow));
        await Task.Delay(duration, client.Process.Time, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await nodes.StoreAsync(node => node.To(NodeState.Used, client.Process.Sources.UnixNow));
    }
}
