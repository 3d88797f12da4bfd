using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Runs the builds that <see cref="BuildPlanner"/> wants, each under the image's lock: one build per image in the whole cluster. A build
/// goes on with the configuration that it began with; a change of the file does not end it.
/// </summary>
internal sealed class BuildReconciler(BuilderContext context, IBuildFiles files, Func<NodepoolConfig> currentConfig, WakeSignal wake, CancellationToken work)
    : IReconciler, IAsyncDisposable
{
    private static readonly TimeSpan Fallback = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = context.Loggers.CreateLogger("builds");
    private readonly WorkSet _works = new(wake, context.Sources, context.Loggers.CreateLogger("builds"), work);
    private readonly BuildRecovery _recovery = new(context, files, context.Loggers.CreateLogger("builds"));

    private readonly BuildHeadStart _headStart = new(files.BuilderId, context.Sources.Time);

    public string Name => "builds";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        var view = await context.Feed.AtLeastAsync(0, ct);
        var look = await _recovery.RunAsync(view, ct);
        var now = context.Sources.UnixNow;
        var plan = BuildPlanner.Plan(view, currentConfig(), now);
        _headStart.Keep(plan.Orders);
        var left = plan.Orders.Where(order => _headStart.Holds(order, view)).ToArray();
        foreach (var order in plan.Orders.Except(left))
        {
            if (_works.Running >= context.Options.BuildWorkers)
            {
                break;
            }

            _works.Ensure(order.Image.Name, (image, token) => BuildAsync(image, token));
        }

        // What is left to others is looked at again with the fallback: their minute need not be exact.
        var due = plan.NextDue is { } next ? TimeSpan.FromSeconds(Math.Max(0, next - now)) : Fallback;
        return _works.NextPass(Fallback, look < due ? look : due);
    }

    public async ValueTask DisposeAsync() => await _works.DrainAsync();

    private async Task<WorkResult> BuildAsync(string image, CancellationToken ct)
    {
        await using var lease = await context.Engine.TryLockAsync(NodepoolPaths.BuildsLock(image), new LockOptions(context.Options.Hostname), ct);
        if (lease is null)
        {
            return WorkResult.Taken;
        }

        // Decided anew under the lock: another builder may just have built it. Whoever else stands at the lock waits for us.
        var view = await context.Feed.AtLeastAsync(lease.Position, ct);
        var config = currentConfig();
        var stored = view.Image(image);
        var own = view with { Images = view.Images.SetItem(image, stored with { Contenders = stored.Contenders.Clear() }) };
        if (BuildPlanner.Plan(own, config, context.Sources.UnixNow).Orders.FirstOrDefault(order => order.Image.Name == image) is not { } order)
        {
            return WorkResult.Done;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        if (await new BuildConversion(context, files, config, lease, _logger).TryAsync(order, linked.Token))
        {
            return WorkResult.Done;
        }

        await new BuildRun(context, files, config, lease, order, context.Sources.Ids.NewId()).RunAsync(stored, _logger, linked.Token);
        return WorkResult.Done;
    }
}
