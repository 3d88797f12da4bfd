using Microsoft.Extensions.Logging;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;

namespace Nodepool.Core.Launching;

/// <summary>Does something that only one process of the cluster may do at a time: waits for the lease, does it, and waits again when it lost it.</summary>
internal sealed partial class LeaseLoop(LauncherContext context, string name, string directory)
{
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = context.Loggers.CreateLogger(name);

    /// <summary>Runs until cancelled or the session ends; <paramref name="body"/> is given a token that also ends with the lease.</summary>
    public async Task RunAsync(Func<ILease, CancellationToken, Task> body, CancellationToken ct)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, context.Engine.SessionEnded);
        var failures = 0;
        while (!linked.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(body, linked.Token);
                failures = 0;
            }
            catch (OperationCanceledException)
            {
                // Asked to stop, or the lease was lost: a successor goes on from the records.
            }
            catch (StateException e) when (e.Fault == StateFault.SessionEnded)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever went wrong: as long as this process lives it has to try to do its part.
            catch (Exception e)
#pragma warning restore CA1031
            {
                var delay = Backoff.Delay(++failures, FirstDelay, LongestDelay, context.Sources.Random.NextDouble());
                LogFailure(_logger, e, name, delay);
                await Task.Delay(delay, context.Sources.Time, linked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private async Task RunOnceAsync(Func<ILease, CancellationToken, Task> body, CancellationToken ct)
    {
        await using var lease = await context.Engine.TryLockAsync(directory, new LockOptions($"{context.Hostname} {context.Version}", Wait), ct);
        if (lease is null)
        {
            return;
        }

        using var owned = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        await body(lease, owned.Token);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name} failed, next try in {Delay}")]
    private static partial void LogFailure(ILogger logger, Exception e, string name, TimeSpan delay);
}
