using Microsoft.Extensions.Logging;
using Nodepool.Core.State;

namespace Nodepool.Core.Reconciling;

/// <summary>
/// Runs passes of one reconciler, never two at once: woken by changes, at the time that the last pass asked for, and after a failure
/// with back-off. Reconcilers contain none of this.
/// </summary>
public sealed partial class ReconcileLoop(IReconciler reconciler, WakeSignal wake, Sources sources, ILogger logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>Runs until cancelled. Cancellation is a quiet end.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var failures = 0;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var again = await reconciler.ReconcileAsync(ct);
                failures = 0;
                await wake.WaitAsync(again, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (StateException e) when (e.Fault == StateFault.SessionEnded)
            {
                return;
            }
#pragma warning disable CA1031 // A pass that fails, whatever the reason, must not end the loop: the next pass starts from the records again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                var delay = Backoff.Delay(++failures, FirstDelay, LongestDelay, sources.Random.NextDouble());
                if (e is StateException { IsConflict: true })
                {
                    LogConflict(logger, reconciler.Name, e.Message);
                }
                else
                {
                    LogFailure(logger, e, reconciler.Name, delay);
                }

                await Task.Delay(delay, sources.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reconciler}: pass failed, next in {Delay}")]
    private static partial void LogFailure(ILogger logger, Exception e, string reconciler, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Reconciler}: somebody was quicker: {Conflict}")]
    private static partial void LogConflict(ILogger logger, string reconciler, string conflict);
}
