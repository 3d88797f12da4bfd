using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>Carries out <see cref="MinReadyPlanner"/>. A label whose request failed waits before it is asked for again.</summary>
internal sealed partial class MinReadyReconciler(LauncherContext context, Func<NodepoolConfig> currentConfig, ILease lease) : IReconciler
{
    private static readonly TimeSpan Fallback = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    /// <summary>The idle nodes of a launcher that is started anew are not replaced meanwhile.</summary>
    private static readonly TimeSpan LauncherRestart = TimeSpan.FromMinutes(10);

    private readonly ILogger _logger = context.Loggers.CreateLogger("min-ready");
    private readonly Dictionary<string, (int Failures, DateTimeOffset Until)> _delayed = new(StringComparer.Ordinal);
    private NodepoolConfig _config = currentConfig();
    private readonly FencedCommits _commits = context.CommitsUnder(lease);
    private readonly LeftPools _left = new(patience: LauncherRestart);

    public string Name => "min-ready";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        var view = await _commits.ViewAsync(ct);
        var now = context.Sources.Time.GetUtcNow();
        if (currentConfig() is var newest && !ReferenceEquals(newest, _config))
        {
            // What failed may be what was corrected: no label waits for its back-off any longer.
            _config = newest;
            _delayed.Clear();
        }

        _left.Look(view, _config, now);
        var plan = MinReadyPlanner.Plan(
            view, _config, label => _delayed.TryGetValue(label, out var delayed) && delayed.Until > now, context.Sources.UnixNow, context.Options.Deletes, [.. _left.For(now)]);
        foreach (var request in plan.Finish)
        {
            await FinishAsync(view, request, ct);
        }

        await ReleaseAsync(plan, ct);
        if (plan.Create.Count > 0)
        {
            await _commits.CommitAsync(plan.Create.Select(NewRequest), ct);
            LogRequested(_logger, string.Join(",", plan.Create.Select(wish => wish.Label)));
        }

        await RetireAsync(plan, ct);

        var due = _delayed.Values.Where(delayed => delayed.Until > now).Select(delayed => delayed.Until - now).DefaultIfEmpty(Fallback).Min();
        due = _config.Labels.SelectMany(label => label.ReadySchedule).Select(window => window.UntilChange(context.Sources.UnixNow) ?? due).Append(due).Min();
        return due > Fallback ? Fallback : due < ShortestWait ? ShortestWait : due;
    }

    /// <summary>A request belongs to whoever locks it, so it is not changed but another takes its place.</summary>
    private async ValueTask ReleaseAsync(MinReadyPlan plan, CancellationToken ct)
    {
        foreach (var request in plan.Release)
        {
            await _commits.TryAsync([new Write.Delete(NodepoolPaths.Request(request.Id), request.Version), NewRequest(new ReadyWish(request.Record!.NodeTypes[0], Provider: null))], ct);
        }
    }

    private async ValueTask RetireAsync(MinReadyPlan plan, CancellationToken ct)
    {
        foreach (var node in plan.Retire)
        {
            NodeTransitions.Table.Demand(node.Record!.State, NodeState.Deleting, Actors.Cleanup);
            if (await _commits.TryAsync([new Write.Set(NodepoolPaths.Node(node.Id), node.Record.To(NodeState.Deleting, context.Sources.UnixNow).Write(), node.Version)], ct))
            {
                LogOutdated(_logger, node.Id, node.Record.Type[0]);
            }
        }
    }

    private Write NewRequest(ReadyWish wish)
    {
        var now = context.Sources.UnixNow;
        var record = new NodeRequestRecord
        {
            State = RequestState.Requested,
            StateTime = now,
            CreatedTime = now,
            NodeTypes = [wish.Label],
            Provider = wish.Provider,
            Reuse = false,
            Requestor = MinReadyPlanner.Requestor,
            RequestorData = MinReadyPlanner.RequestorData,
            EventId = context.Sources.Ids.NewId(),
        };
        return new Write.Create(NodepoolPaths.NewRequest(MinReadyPlanner.Priority), record.Write(), CreateModes.Sequential | CreateModes.Ephemeral);
    }

    private async ValueTask FinishAsync(ClusterView view, RequestView request, CancellationToken ct)
    {
        var label = request.Record!.NodeTypes[0];
        if (request.Record.State == RequestState.Failed || MinReadyPlanner.IsStuck(view, request.Record))
        {
            var failures = _delayed.GetValueOrDefault(label).Failures + 1;
            var delay = Backoff.Delay(failures, FirstDelay, LongestDelay, context.Sources.Random.NextDouble());
            _delayed[label] = (failures, context.Sources.Time.GetUtcNow() + delay);
            LogFailed(_logger, request.Id, label, delay);
        }
        else if (request.Record.State == RequestState.Fulfilled)
        {
            _delayed.Remove(label);
        }

        var release = view.Nodes.Of(request.Id).Select(id => view.Nodes.ById[id])
            .Where(node => node.Record is { State: NodeState.Ready })
            .Select(node => (Write)new Write.Set(NodepoolPaths.Node(node.Id), node.Record!.Freed().Write(), node.Version));
        // Whatever has changed since: the next pass sees how.
        await _commits.TryAsync([.. release, new Write.Delete(NodepoolPaths.Request(request.Id), request.Version)], ct);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Too few ready nodes, requesting: {Labels}")]
    private static partial void LogRequested(ILogger logger, string labels);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} goes: nodes of label {Label} are booted from a newer image by now")]
    private static partial void LogOutdated(ILogger logger, string node, string label);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {Request} for a ready node of label {Label} failed; next try in {Delay}")]
    private static partial void LogFailed(ILogger logger, string request, string label, TimeSpan delay);
}
