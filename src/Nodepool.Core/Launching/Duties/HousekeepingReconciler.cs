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
    private readonly NextTurn _turn = new(context.Sources.Time, Period);
    private readonly LeftPools _left = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private HashSet<string> _suspects = [];

    public string Name => "housekeeping";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        // Nothing here is urgent: changes wake every loop, but this one looks at the clock first.
        if (!_turn.IsDue)
        {
            return _turn.Wait;
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

        await TellOfLeftAsync(view, ct);
        _turn.After(_suspects.Count > 0 ? SecondLook : Period);
        return _turn.Wait;
    }

    /// <summary>Says once of each provider that nobody has any more what becomes of its nodes; whoever had it until now may still be at it.</summary>
    private async ValueTask TellOfLeftAsync(ClusterView view, CancellationToken ct)
    {
        var now = context.Sources.Time.GetUtcNow();
        _left.Look(view, currentConfig(), now);
        var left = _left.For(now).Where(pool => currentConfig().FindProvider(pool.Provider) is null).GroupBy(pool => pool.Provider, StringComparer.Ordinal).ToList();
        _told.IntersectWith(left.Select(pools => pools.Key));
        foreach (var pools in left.Where(pools => !_told.Contains(pools.Key)))
        {
            if ((await context.Engine.ListAsync(NodepoolPaths.DutyLease(Duty.Provider(pools.Key)), ct)).Count == 0)
            {
                _told.Add(pools.Key);
                LogLeft(_logger, pools.Key, pools.Sum(pool => view.Nodes.In(pool).Count));
            }
        }
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Provider {Provider} has {Nodes} nodes, but no launcher has it in its configuration: they stay. Put its section back until they are gone, or forget them with nodepool erase {Provider}")]
    private static partial void LogLeft(ILogger logger, string provider, int nodes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {Request} was pending without anybody working on it; it waits for a pool again")]
    private static partial void LogLost(ILogger logger, string request);
}
