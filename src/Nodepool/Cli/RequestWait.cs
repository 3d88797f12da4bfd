using Nodepool.Core.Config;
using Nodepool.Core.Operations;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Cli;

/// <summary>Waits for a request and says on standard error what it waits for, and of each launch that failed why, once.</summary>
internal sealed class RequestWait(CliCall call, NodepoolConfig config, IStateEngine engine)
{
    private readonly ProgressLine _line = new(call.World);
    private readonly HashSet<LaunchFailure> _told = [];

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
            _line.End();
            await end.CancelAsync();
            await following.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task<RequestProgress> WatchAsync(string id, TimeSpan? limit, ClusterFeed feed, WakeSignal wake, CancellationToken ct)
    {
        while (true)
        {
            var progress = RequestProgress.Of(feed.Current, config, id);
            foreach (var failure in progress.Failures.Where(_told.Add))
            {
                _line.Tell(failure.Text);
            }

            if (progress.Outcome != RequestOutcome.Waiting)
            {
                return progress;
            }

            if (limit - _line.Elapsed <= TimeSpan.Zero)
            {
                return progress with { Text = $"was not fulfilled within {limit!.Value.TotalSeconds:0.#} s: it {progress.Text}" };
            }

            _line.Show($"request {id} {progress.Text}");
            var next = _line.UntilNext;
            await wake.WaitAsync(limit is { } most && most - _line.Elapsed < next ? most - _line.Elapsed : next, ct);
        }
    }
}
