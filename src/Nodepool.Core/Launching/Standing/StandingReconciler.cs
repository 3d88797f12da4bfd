using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Nodes;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Standing;

/// <summary>
/// Carries out <see cref="StandingPlanner"/> for one provider. Machines are looked at side by side: before a slot is filled, and from time to time
/// while they are idle; whichever is not well has no ready nodes until it is well again.
/// </summary>
internal sealed partial class StandingReconciler : IReconciler, IAsyncDisposable
{
    private static readonly TimeSpan Fallback = TimeSpan.FromSeconds(15);

    /// <summary>Idle machines are looked at so often; nodes are also looked at in the moment when they are given out.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    private readonly LauncherContext _context;
    private readonly string _name;
    private readonly Func<NodepoolConfig> _currentConfig;
    private readonly ProviderUse _opened;
    private readonly FencedCommits _commits;
    private readonly ILogger _logger;
    private readonly WorkSet _works;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _looks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _unwell = new(StringComparer.Ordinal);

    public StandingReconciler(
        LauncherContext context, string name, Func<NodepoolConfig> currentConfig, ProviderUse opened, ILease lease, WakeSignal wake, CancellationToken ct)
    {
        _context = context;
        _name = name;
        _currentConfig = currentConfig;
        _opened = opened;
        _commits = context.CommitsUnder(lease);
        _logger = context.Loggers.CreateLogger($"provider {name}");
        _works = new WorkSet(wake, context.Sources, _logger, ct);
    }

    public string Name => $"standing nodes of {_name}";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        var plan = await PlanAsync(ct);
        if (_context.Options.Deletes)
        {
            foreach (var node in plan.Retire)
            {
                if (await TrySetAsync(node, ToDeleting(node.Record!), ct))
                {
                    LogRetired(_logger, node.Id, Place(node));
                }
            }
        }

        foreach (var (node, record) in plan.Describe)
        {
            if (await TrySetAsync(node, record with { Launch = record.Launch ?? NewLaunch() }, ct))
            {
                LogDescribed(_logger, node.Id, Place(node));
            }
        }

        var now = _context.Sources.Time.GetUtcNow();
        var vacant = _context.Options.Launches ? plan.Vacant.Select(slot => slot.Machine.Id).ToHashSet(StringComparer.Ordinal) : [];
        foreach (var machine in vacant.Concat(plan.Idle.Keys.Where(machine => IsDue(machine, now))))
        {
            _works.Ensure(machine, LookAsync);
        }

        _works.Forget(machine => vacant.Contains(machine) || plan.Idle.ContainsKey(machine));
        return _works.NextPass(Fallback, planned: null);
    }

    public async ValueTask DisposeAsync()
    {
        await _works.DrainAsync();
        await _opened.DisposeAsync();
    }

    private async ValueTask<StandingPlan> PlanAsync(CancellationToken ct) => StandingPlanner.Plan(
        await _commits.ViewAsync(ct), _currentConfig().FindProvider(_name) ?? new ProviderConfig { Name = _name, Driver = "" });

    private bool IsDue(string machine, DateTimeOffset now) => !_looks.TryGetValue(machine, out var last) || now - last >= BetweenLooks || now < last;

    /// <summary>Looks at a machine: fills its vacant slots when it is well, takes its idle nodes back when it is not.</summary>
    private async Task<WorkResult> LookAsync(string id, CancellationToken ct)
    {
        if (Find(id) is not { } machine)
        {
            return WorkResult.Done;
        }

        try
        {
            var keys = await ((IStandingProvider)_opened.Provider).CheckAsync(machine, ct);
            _looks[id] = _context.Sources.Time.GetUtcNow();
            if (_unwell.TryRemove(id, out _))
            {
                LogWell(_logger, id);
            }

            await FillAsync(id, keys, ct);
            return WorkResult.Done;
        }
        catch (ProviderException e)
        {
            if (!_unwell.TryGetValue(id, out var said) || said != e.Message)
            {
                _unwell[id] = e.Message;
                LogUnwell(_logger, e.Message);
            }

            await TakeBackAsync(id, ct);
            return WorkResult.TryLater;
        }
    }

    private async ValueTask FillAsync(string id, ValueList<string> keys, CancellationToken ct)
    {
        // What is vacant now, not before the look: the file or the records may have changed.
        var plan = await PlanAsync(ct);
        var now = _context.Sources.UnixNow;
        var vacant = _context.Options.Launches ? plan.Vacant.Where(slot => slot.Machine.Id == id).ToList() : [];
        if (vacant.Count > 0)
        {
            var creates = vacant.Select(slot => new Write.Create(
                NodepoolPaths.NewNode, slot.NewNode(_name, keys, NodeLabel.NewToken(_context.Sources), now).Write(), CreateModes.Sequential));
            var result = await _commits.CommitAsync(creates, ct);
            LogRegistered(_logger, string.Join(",", result.Created.Select(NodepoolPaths.NameOf)), id);
        }

        foreach (var node in plan.Idle.GetValueOrDefault(id) ?? [])
        {
            if (!node.Record!.HostKeys.Equals(keys) && await TrySetAsync(node, node.Record with { HostKeys = keys }, ct))
            {
                LogDescribed(_logger, node.Id, Place(node));
            }
        }
    }

    private async ValueTask TakeBackAsync(string id, CancellationToken ct)
    {
        if (!_context.Options.Deletes)
        {
            return;
        }

        var plan = await PlanAsync(ct);
        foreach (var node in plan.Idle.GetValueOrDefault(id) ?? [])
        {
            if (await TrySetAsync(node, ToDeleting(node.Record!), ct))
            {
                LogTakenBack(_logger, node.Id, id);
            }
        }
    }

    private MachineConfig? Find(string id) =>
        _currentConfig().FindProvider(_name)?.Pools.SelectMany(pool => pool.Machines).FirstOrDefault(machine => machine.Id == id);

    private LaunchRecord NewLaunch() => new() { Token = NodeLabel.NewToken(_context.Sources), Phase = LaunchPhase.Done };

    private NodeRecord ToDeleting(NodeRecord node)
    {
        NodeTransitions.Table.Demand(node.State, NodeState.Deleting, Actors.Launcher);
        return node.To(NodeState.Deleting, _context.Sources.UnixNow);
    }

    private ValueTask<bool> TrySetAsync(NodeView node, NodeRecord record, CancellationToken ct) =>
        _commits.TryAsync([new Write.Set(NodepoolPaths.Node(node.Id), record.Write(), node.Version)], ct);

    private static string Place(NodeView node) => $"{node.Record!.Username}@{node.Record.Hostname}:{node.Record.ConnectionPort} slot {node.Record.Slot}";

    [LoggerMessage(Level = LogLevel.Information, Message = "Nodes {Nodes} ready on host {Host}")]
    private static partial void LogRegistered(ILogger logger, string nodes, string host);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} goes: the configuration has no {Place} any more")]
    private static partial void LogRetired(ILogger logger, string node, string place);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} on {Place} is described anew")]
    private static partial void LogDescribed(ILogger logger, string node, string place);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node} is taken back: host {Host} is not well")]
    private static partial void LogTakenBack(ILogger logger, string node, string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No ready nodes until this is over: {Reason}")]
    private static partial void LogUnwell(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Host {Host} is well again")]
    private static partial void LogWell(ILogger logger, string host);
}
