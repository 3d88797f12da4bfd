using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Runs the builds that <see cref="BuildPlanner"/> wants, each under the image's lock: one build per image in the whole cluster. A build
/// goes on with the configuration that it began with; a change of the file does not end it.
/// </summary>
internal sealed partial class BuildReconciler(BuilderContext context, IBuildFiles files, Func<NodepoolConfig> currentConfig, WakeSignal wake, CancellationToken work)
    : IReconciler, IAsyncDisposable
{
    private static readonly TimeSpan Fallback = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = context.Loggers.CreateLogger("builds");
    private readonly WorkSet _works = new(wake, context.Sources, context.Loggers.CreateLogger("builds"), work);

    public string Name => "builds";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        var view = await context.Feed.AtLeastAsync(0, ct);
        var now = context.Sources.UnixNow;
        var plan = BuildPlanner.Plan(view, currentConfig(), now);
        foreach (var order in plan.Orders)
        {
            if (_works.Running >= context.Options.BuildWorkers)
            {
                break;
            }

            _works.Ensure(order.Image.Name, (image, token) => BuildAsync(image, token));
        }

        return _works.NextPass(Fallback, plan.NextDue is { } next ? TimeSpan.FromSeconds(Math.Max(0, next - now)) : null);
    }

    public async ValueTask DisposeAsync() => await _works.DrainAsync();

    private async Task<WorkResult> BuildAsync(string image, CancellationToken ct)
    {
        await using var lease = await context.Engine.TryLockAsync(NodepoolPaths.BuildsLock(image), new LockOptions(context.Options.Hostname), ct);
        if (lease is null)
        {
            return WorkResult.TryLater;
        }

        // Decided anew under the lock: another builder may just have built it. The lock that the view shows is our own.
        var view = await context.Feed.AtLeastAsync(lease.Position, ct);
        var config = currentConfig();
        var stored = view.Image(image);
        var own = view with { Images = view.Images.SetItem(image, stored with { Contenders = stored.Contenders.Remove(lease.Path) }) };
        if (BuildPlanner.Plan(own, config, context.Sources.UnixNow).Orders.FirstOrDefault(order => order.Image.Name == image) is not { } order)
        {
            return WorkResult.Done;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        await EndOrphansAsync(stored, lease, linked.Token);
        var id = context.Sources.Ids.NewId();
        var run = new BuildRun(context, files, config, lease, order, id);
        LogStarted(_logger, image, id, order.Reason, string.Join(",", order.Formats));
        await run.RunAsync(stored.BuildRequestedMs is not null, _logger, linked.Token);
        return WorkResult.Done;
    }

    /// <summary>Who holds the lock is the only builder of this image: with it, retention could not tell others' remains from a build that runs.</summary>
    private async ValueTask EndOrphansAsync(ImageView stored, ILease lease, CancellationToken ct)
    {
        foreach (var build in stored.Builds.Values.Where(build => build.Record?.State == ImageState.Building))
        {
            try
            {
                await context.Engine.CommitAsync([new Write.Check(lease.Path, Write.AnyVersion), RetentionReconciler.EndOrphan(build, context.Sources.UnixNow)], ct);
                LogOrphan(_logger, build.Image, build.Id, build.Record!.Builder);
            }
            catch (StateException e) when (e.IsConflict)
            {
                // Retention was quicker; a lost lock shows at the next commit.
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {Image} build {Build} has failed: its builder {Builder} ended in the middle of it")]
    private static partial void LogOrphan(ILogger logger, string image, string build, string? builder);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build} started: {Reason}; formats {Formats}")]
    private static partial void LogStarted(ILogger logger, string image, string build, string reason, string formats);
}
