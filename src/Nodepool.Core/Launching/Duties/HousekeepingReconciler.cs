using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>Carries out <see cref="HousekeepingPlanner"/>, item by item: what fails for one item does not keep the others.</summary>
internal sealed partial class HousekeepingReconciler(LauncherContext context, Func<NodepoolConfig> currentConfig, ILease lease) : IReconciler
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    private readonly ILogger _logger = context.Loggers.CreateLogger("housekeeping");
    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private long _position = lease.Position;

    public string Name => "housekeeping";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        // Nothing here is urgent: changes wake every loop, but this one looks at the clock first.
        var now = context.Sources.Time.GetUtcNow();
        if (now < _next)
        {
            return _next - now;
        }

        var view = await context.Feed.AtLeastAsync(_position, ct);
        var plan = HousekeepingPlanner.Plan(view, currentConfig(), context.Options.Deletes, context.Sources.UnixNow);
        foreach (var node in plan.Aged.Concat(plan.Expired))
        {
            await DeleteAsync(node, ct);
        }

        foreach (var request in plan.Lost)
        {
            var record = request.Record!.To(RequestState.Requested, context.Sources.UnixNow) with { Nodes = [] };
            if (await TryAsync([new Write.Set(NodepoolPaths.Request(request.Id), record.Write(), request.Version)], ct))
            {
                LogLost(_logger, request.Id);
            }
        }

        foreach (var directory in plan.StaleLocks)
        {
            await TryAsync([new Write.Delete(NodepoolPaths.RequestLock(directory.Request), Write.AnyVersion)], ct);
        }

        foreach (var node in plan.Empty)
        {
            await RemoveEmptyAsync(node, ct);
        }

        _next = now + Period;
        return Period;
    }

    private async ValueTask DeleteAsync(NodeView node, CancellationToken ct)
    {
        var record = node.Record!.To(NodeState.Deleting, context.Sources.UnixNow);
        if (await TryAsync([new Write.Set(NodepoolPaths.Node(node.Id), record.Write(), node.Version)], ct))
        {
            LogTooOld(_logger, node.Id, node.Record.State.Word());
        }
    }

    private async ValueTask RemoveEmptyAsync(NodeView node, CancellationToken ct)
    {
        if (await context.Engine.GetAsync(NodepoolPaths.Node(node.Id), ct) is not { Data.IsEmpty: true })
        {
            return;
        }

        await TryAsync([new Write.Delete(NodepoolPaths.NodeLock(node.Id), Write.AnyVersion)], ct);
        await TryAsync([new Write.Delete(NodepoolPaths.Node(node.Id), node.Version)], ct);
    }

    private async ValueTask<bool> TryAsync(Write[] writes, CancellationToken ct)
    {
        try
        {
            var result = await context.Engine.CommitAsync([new Write.Check(lease.Path, Write.AnyVersion), .. writes], ct);
            _position = result.Position;
            return true;
        }
        catch (StateException e) when (e.IsConflict && e.Path != lease.Path)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} is to be deleted: it has been {State} for too long")]
    private static partial void LogTooOld(ILogger logger, string node, string state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {Request} was pending without anybody working on it; it waits for a pool again")]
    private static partial void LogLost(ILogger logger, string request);
}
