using Microsoft.Extensions.Logging;
using Nodepool.Core.View;

namespace Nodepool.Core.Reconciling;

/// <summary>What every reconciler runs in: it is woken by changes of the records, and the work that it started has ended when this has.</summary>
/// <param name="feed">Whose changes wake it.</param>
/// <param name="sources">Time and chance.</param>
/// <param name="loggers">Makes the logger of the reconciler's name.</param>
internal sealed class ReconcilerFrame(ClusterFeed feed, Sources sources, ILoggerFactory loggers)
{
    /// <summary>Runs until cancelled or the session ends; whatever the reason, work is told to end and waited for before this returns.</summary>
    /// <param name="create">Makes the reconciler, of the signal that starts its next pass and a token for its work. It is disposed here if it can be.</param>
    /// <param name="ct">Ends the passes and the work.</param>
    public async Task RunAsync(Func<WakeSignal, CancellationToken, IReconciler> create, CancellationToken ct)
    {
        using var work = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var wake = feed.Subscribe();
        var reconciler = create(wake, work.Token);
        try
        {
            await new ReconcileLoop(reconciler, wake, sources, loggers.CreateLogger(reconciler.Name)).RunAsync(ct);
        }
        finally
        {
            work.Cancel();
            await (reconciler is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask);
        }
    }
}
