using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>Carries out <see cref="HousekeepingPlanner"/>, item by item: what fails for one item does not keep the others.</summary>
internal sealed partial class HousekeepingReconciler(LauncherContext context, Func<NodepoolConfig> currentConfig, ILease lease) : IReconciler
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = context.Loggers.CreateLogger("housekeeping");
    private readonly FencedCommits _commits = context.CommitsUnder(lease);
    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private HashSet<string> _suspects = [];

    public string Name => "housekeeping";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        // Nothing here is urgent: changes wake every loop, but this one looks at the clock first. The clock may have been set back.
        var now = context.Sources.Time.GetUtcNow();
        if (now < _next && _next - now <= Period)
        {
            return _next - now;
        }

        var view = await _commits.ViewAsync(ct);
        var plan = HousekeepingPlanner.Plan(view, currentConfig(), context.Sources.UnixNow);
        foreach (var request in plan.Lost.Where(request => _suspects.Contains(request.Id)))
        {
            await FreeAsync(view, request, ct);
        }

        _suspects = [.. plan.Lost.Select(request => request.Id)];
        foreach (var directory in plan.StaleLocks)
        {
            await _commits.TryAsync([new Write.Delete(NodepoolPaths.RequestLock(directory.Request), Write.AnyVersion)], ct);
        }

        foreach (var node in plan.Empty)
        {
            await RemoveEmptyAsync(node, ct);
        }

        var wait = _suspects.Count > 0 ? SecondLook : Period;
        _next = now + wait;
        return wait;
    }

    /// <summary>Lets a request wait again, under its lock. Nodes that our kind launched for it are nobody's; those of peers are theirs to see to.</summary>
    private async ValueTask FreeAsync(ClusterView view, RequestView request, CancellationToken ct)
    {
        if (await context.Engine.TryLockAsync(NodepoolPaths.RequestLock(request.Id), context.Lock, ct) is not { } held)
        {
            return;
        }

        await using (held)
        {
            RequestTransitions.Table.Demand(request.Record!.State, RequestState.Requested, Actors.Cleanup);
            var record = request.Record.To(RequestState.Requested, context.Sources.UnixNow) with { Nodes = [] };
            var nodes = view.Nodes.Of(request.Id).Select(id => view.Nodes.ById[id]).Where(node => node.Record!.Launch is not null)
                .Select(node => (Write)new Write.Set(NodepoolPaths.Node(node.Id), node.Record!.Freed().Write(), node.Version));
            if (await _commits.TryAsync([new Write.Check(held.Path, Write.AnyVersion), new Write.Set(NodepoolPaths.Request(request.Id), record.Write(), request.Version), .. nodes], ct))
            {
                LogLost(_logger, request.Id);
            }
        }
    }

    private async ValueTask RemoveEmptyAsync(NodeView node, CancellationToken ct)
    {
        if (await context.Engine.GetAsync(NodepoolPaths.Node(node.Id), ct) is not { Data.IsEmpty: true })
        {
            return;
        }

        await _commits.TryAsync([new Write.Delete(NodepoolPaths.NodeLock(node.Id), Write.AnyVersion)], ct);
        await _commits.TryAsync([new Write.Delete(NodepoolPaths.Node(node.Id), node.Version)], ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {Request} was pending without anybody working on it; it waits for a pool again")]
    private static partial void LogLost(ILogger logger, string request);
}
