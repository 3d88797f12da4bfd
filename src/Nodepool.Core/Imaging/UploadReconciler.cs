using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Runs the uploads that <see cref="UploadPlanner"/> wants, each under the lock of its build and provider. An upload goes on with what it began
/// with; a change of the file does not end it.
/// </summary>
internal sealed class UploadReconciler(
    BuilderContext context, IBuildFiles files, Func<NodepoolConfig> currentConfig, ProviderSet providers, WakeSignal wake, CancellationToken work) : IReconciler, IAsyncDisposable
{
    private static readonly TimeSpan Fallback = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = context.Loggers.CreateLogger("uploads");
    private readonly WorkSet _works = new(wake, context.Sources, context.Loggers.CreateLogger("uploads"), work);

    private readonly UploadRecovery _recovery = new(context, files, providers, context.Loggers.CreateLogger("uploads"));

    public string Name => "uploads";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        var view = await context.Feed.AtLeastAsync(0, ct);
        var now = context.Sources.UnixNow;
        var config = currentConfig();
        foreach (var lost in await _recovery.RunAsync(view, config, ct))
        {
            _works.Ensure(NameOf(lost.Order), (_, token) => _recovery.TakeUpAsync(lost, config, token));
        }

        var plan = UploadPlanner.Plan(view, config, files.BuilderId, build => files.Find(build.Image, build.Id).Keys, now);
        foreach (var order in plan.Orders)
        {
            if (_works.Running >= context.Options.UploadWorkers)
            {
                break;
            }

            _works.Ensure(NameOf(order), (_, token) => UploadAsync(order, config, token));
        }

        TimeSpan? due = plan.NextDue is { } next ? TimeSpan.FromSeconds(Math.Max(0, next - now)) : null;
        return _works.NextPass(Fallback, _recovery.NextLook is { } look && !(due < look) ? look : due);
    }

    public async ValueTask DisposeAsync() => await _works.DrainAsync();

    private static string NameOf(UploadOrder order) => $"{order.Build.Image} {order.Build.Id} to {order.Provider.Name}";

    private async Task<WorkResult> UploadAsync(UploadOrder order, NodepoolConfig config, CancellationToken ct)
    {
        var (image, build, provider) = (order.Build.Image, order.Build.Id, order.Provider.Name);
        await using var lease = await context.Engine.TryLockAsync(NodepoolPaths.UploadsLock(image, build, provider), new LockOptions(context.Options.Hostname), ct);
        if (lease is null)
        {
            return WorkResult.TryLater;
        }

        // Decided anew under the lock: another builder that shares the disk may just have done it, or died of it, or an operator has withdrawn it.
        var view = await context.Feed.AtLeastAsync(lease.Position, ct);
        var stored = view.Image(image);
        if (UploadPlanner.Newest(stored, provider) is not { } newest || newest.Id != build
            || stored.Uploads.Values.Any(upload => upload.Build == build && upload.Provider == provider && upload.Record?.State is ImageState.Ready or ImageState.Uploading))
        {
            return WorkResult.Done;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        await new UploadRun(context, files, providers, config, lease, order with { Build = newest }, _logger).RunAsync(linked.Token);
        return WorkResult.Done;
    }
}
