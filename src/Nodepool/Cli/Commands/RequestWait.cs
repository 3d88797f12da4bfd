using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.Operations;
using Nodepool.Core.State;

namespace Nodepool.Cli.Commands;

/// <summary>Waits for a request and says on standard error what it waits for, and of each launch that failed why, once.</summary>
internal sealed class RequestWait(CliCall call, NodepoolConfig config, IStateEngine engine)
{
    /// <summary>Who waits for longer wants to know why.</summary>
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(10);

    private readonly ProgressLine _line = new(call.World);
    private readonly HashSet<LaunchFailure> _told = [];
    private bool _isHinted;

    /// <returns>What became of it; <see cref="RequestOutcome.Waiting"/> when time was up or somebody pressed Ctrl-C.</returns>
    public async Task<RequestProgress> RunAsync(string id, TimeSpan? limit, CancellationToken ct)
    {
        try
        {
            await using var store = await FollowedStore.OpenAsync(engine, call.World.Sources.Time, ct);
            return await WatchAsync(id, limit, store);
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
        }
    }

    private async Task<RequestProgress> WatchAsync(string id, TimeSpan? limit, FollowedStore store)
    {
        while (true)
        {
            var progress = RequestProgress.Of(store.Current, config, new WaitingOrder(store.Current, call.World.Sources.UnixNow), id);
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

            if (!_isHinted && _line.Elapsed >= Impatience)
            {
                _isHinted = true;
                _line.Tell($"nodepool explain {id} says why it waits, pool by pool");
            }

            _line.Show($"request {id} {progress.Text}");
            var next = _line.UntilNext;
            await store.Wake.WaitAsync(limit is { } most && most - _line.Elapsed < next ? most - _line.Elapsed : next, store.End);
        }
    }
}
