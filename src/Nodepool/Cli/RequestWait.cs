using Nodepool.Core.Config;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Cli;

/// <summary>Waits for a request and says on standard error what it waits for, whenever that changes and now and then.</summary>
internal sealed class RequestWait(CliCall call, NodepoolConfig config, IStateEngine engine)
{
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(15);

    private readonly long _start = call.World.Sources.Time.GetTimestamp();

    private TimeSpan Elapsed => call.World.Sources.Time.GetElapsedTime(_start);

    /// <returns>What became of it; <see cref="RequestOutcome.Waiting"/> when time was up or somebody pressed Ctrl-C.</returns>
    public async Task<RequestProgress> RunAsync(string id, TimeSpan? limit, CancellationToken ct)
    {
        var feed = new ClusterFeed(engine, call.World.Sources.Time);
        using var wake = feed.Subscribe();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, engine.SessionEnded);
        var following = feed.RunAsync(end.Token);
        try
        {
            await feed.AtLeastAsync(0, end.Token);
            return await WatchAsync(id, limit, feed, wake, end.Token);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return new RequestProgress(RequestOutcome.Waiting, "was interrupted");
        }
        catch (OperationCanceledException)
        {
            throw new CliException($"the store's session ended while request {id} waited; the request ended with it");
        }
        finally
        {
            await end.CancelAsync();
            await following.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task<RequestProgress> WatchAsync(string id, TimeSpan? limit, ClusterFeed feed, Core.Reconciling.WakeSignal wake, CancellationToken ct)
    {
        var (told, toldAt) = ("", TimeSpan.Zero);
        while (true)
        {
            var progress = RequestProgress.Of(feed.Current, config, id);
            if (progress.Outcome != RequestOutcome.Waiting)
            {
                return progress;
            }

            if (limit - Elapsed <= TimeSpan.Zero)
            {
                return progress with { Text = $"was not fulfilled within {limit!.Value.TotalSeconds:0.#} s: it {progress.Text}" };
            }

            if (progress.Text != told || Elapsed - toldAt >= Reminder)
            {
                (told, toldAt) = (progress.Text, Elapsed);
                call.Note($"{toldAt.TotalSeconds,5:0} s  request {id} {Logging.Printable.Line(told)}");
            }

            var next = toldAt + Reminder - Elapsed;
            await wake.WaitAsync(limit is { } most && most - Elapsed < next ? most - Elapsed : next, ct);
        }
    }
}
