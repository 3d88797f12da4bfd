using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Duties;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Backing;

/// <summary>Carries out <see cref="BackingPlanner"/> for one provider, each step as one commit under the duty's lease: nobody else places its nodes.</summary>
internal sealed partial class BackingReconciler(LauncherContext context, string name, Func<NodepoolConfig> currentConfig, ILease lease) : IReconciler
{
    private static readonly TimeSpan Fallback = TimeSpan.FromSeconds(15);

    private readonly ILogger _logger = context.Loggers.CreateLogger($"provider {name}");
    private readonly string _owner = BackingRecord.OwnerOf(name);
    private readonly FencedCommits _commits = context.CommitsUnder(lease);
    private BackingMemory _memory = new();

    public string Name => $"backing nodes of {name}";

    /// <summary>Called when the configuration no longer has the provider and it has no backing nodes and no requests for some.</summary>
    public Action? OnSpent { get; init; }

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        var view = await _commits.ViewAsync(ct);
        var section = currentConfig().FindProvider(name) ?? new ProviderConfig { Name = name, Driver = "" };
        _memory = (await WithLocksAsync(view, ct)).After(view, _owner, Now) with { Ending = Ending(view) };
        var plan = BackingPlanner.Plan(view, section, _memory, Now);
        await GiveBackAsync(plan, ct);
        await TakeAsync(plan, ct);
        foreach (var (node, backing, slot) in plan.Place)
        {
            // The check: what we know of the backing node is still so.
            Write[] writes = [Set(node, node.Record! with { Place = new SlotPlace(backing.Id, slot) }), new Write.Check(NodepoolPaths.Node(backing.Id), backing.Version)];
            if (await _commits.TryAsync(writes, ct))
            {
                LogPlaced(_logger, node.Id, slot, backing.Id);
            }
        }

        if (plan.Ask.Count > 0 && context.Options.Launches)
        {
            var labels = section.Pools.SelectMany(pool => pool.Labels).ToList();
            await _commits.TryAsync(plan.Ask.Select(asked => (Write)new Write.Create(
                NodepoolPaths.NewRequest(asked.IsForReady ? MinReadyPlanner.Priority : BackingRequest.Priority),
                BackingRequest.New(_owner, labels.First(label => label.Name == asked.Label && label.Backing is not null), Now, context.Sources.Ids.NewId()).Write(),
                CreateModes.Sequential | CreateModes.Ephemeral)), ct);
            LogAsked(_logger, string.Join(",", plan.Ask.Select(asked => asked.Label)));
        }

        if (currentConfig().FindProvider(name) is null && _memory.Locks.IsEmpty && !view.Requests.Values.Any(request => request.Record?.Requestor == _owner))
        {
            OnSpent?.Invoke();
        }

        return plan.Next is { } next && next < Fallback ? next : Fallback;
    }

    private ImmutableHashSet<string> Ending(ClusterView view) =>
        [.. view.Nodes.OwnedBy(_owner).Where(id => LeftPools.IsLeft(view, currentConfig(), PoolKey.Of(view.Nodes.ById[id].Record!)))];

    private double Now => context.Sources.UnixNow;

    private async ValueTask TakeAsync(BackingPlan plan, CancellationToken ct)
    {
        foreach (var (request, node, backing) in plan.Take)
        {
            NodeTransitions.Table.Demand(node.Record!.State, NodeState.InUse, Actors.Launcher);
            Write[] writes =
            [
                new Write.Create($"{NodepoolPaths.NodeLock(node.Id)}/{context.Sources.Ids.NewId()}__lock__", System.Text.Encoding.UTF8.GetBytes(_owner), CreateModes.Sequential),
                Set(node, node.Record.To(NodeState.InUse, Now) with { Backing = backing }),
                new Write.Delete(NodepoolPaths.Request(request.Id), request.Version),
            ];
            if (await _commits.TryAsync(writes, ct))
            {
                LogTaken(_logger, node.Id, backing.Slots, backing.Label);
            }
        }

        foreach (var request in plan.Drop)
        {
            if (await _commits.TryAsync([new Write.Delete(NodepoolPaths.Request(request.Id), request.Version)], ct))
            {
                Tell(request.Id, request.Record!);
            }
        }
    }

    private async ValueTask GiveBackAsync(BackingPlan plan, CancellationToken ct)
    {
        foreach (var node in plan.Mark)
        {
            if (await _commits.TryAsync([Set(node, node.Record! with { Backing = node.Record.Backing! with { HasFailed = true } })], ct))
            {
                LogFailed(_logger, node.Id);
            }
        }

        foreach (var node in plan.Unlock)
        {
            await _commits.TryAsync([Unlock(node)], ct);
        }

        foreach (var node in context.Options.Deletes ? plan.GiveBack : [])
        {
            NodeTransitions.Table.Demand(node.Record!.State, NodeState.Used, Actors.Launcher);
            if (await _commits.TryAsync([Set(node, node.Record.To(NodeState.Used, Now)), Unlock(node)], ct))
            {
                LogGivenBack(_logger, node.Id);
            }
        }

        foreach (var node in context.Options.Deletes ? plan.Evict : [])
        {
            NodeTransitions.Table.Demand(node.Record!.State, NodeState.Deleting, Actors.Launcher);
            if (await _commits.TryAsync([Set(node, node.Record.To(NodeState.Deleting, Now))], ct))
            {
                LogEvicted(_logger, node.Id, node.Record.Place!.BackingNode);
            }
        }
    }

    /// <summary>Reads whose lock it is of nodes that say to be ours and were not looked at yet; who holds it wrote its name there.</summary>
    private async ValueTask<BackingMemory> WithLocksAsync(ClusterView view, CancellationToken ct)
    {
        var locks = _memory.Locks;
        foreach (var node in view.Nodes.OwnedBy(_owner).Where(id => !locks.ContainsKey(id)).Select(id => view.Nodes.ById[id]).Where(node => node.IsLocked))
        {
            var holder = node.Contenders.MinBy(contender => contender.Length < 10 ? contender : contender[^10..], StringComparer.Ordinal)!;
            if (await context.Engine.GetAsync($"{NodepoolPaths.NodeLock(node.Id)}/{holder}", ct) is { } entry && System.Text.Encoding.UTF8.GetString(entry.Data.Span) == _owner)
            {
                locks = locks.Add(node.Id, holder);
            }
        }

        return _memory with { Locks = locks };
    }

    private Write Unlock(NodeView node) => new Write.Delete($"{NodepoolPaths.NodeLock(node.Id)}/{_memory.Locks[node.Id]}", Write.AnyVersion);

    private void Tell(string id, NodeRequestRecord dropped)
    {
        if (dropped.State == RequestState.Failed)
        {
            LogRefused(_logger, id, string.Join(',', dropped.NodeTypes), dropped.DeclineReasons.Count > 0 ? string.Join("; ", dropped.DeclineReasons) : "no reason is stored");
        }
        else
        {
            LogWithdrawn(_logger, id);
        }
    }

    private static Write Set(NodeView node, NodeRecord record) => new Write.Set(NodepoolPaths.Node(node.Id), record.Write(), node.Version);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} is slot {Slot} of node {Backing}")]
    private static partial void LogPlaced(ILogger logger, string node, int slot, string backing);

    [LoggerMessage(Level = LogLevel.Information, Message = "No free slots, asking for nodes for: {Labels}")]
    private static partial void LogAsked(ILogger logger, string labels);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} gives {Slots} slots of label {Label}")]
    private static partial void LogTaken(ILogger logger, string node, int slots, string label);

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {Request} for more slots is withdrawn: they are no longer needed")]
    private static partial void LogWithdrawn(ILogger logger, string request);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {Request} for more slots, of label {Labels}, has failed: {Reasons}")]
    private static partial void LogRefused(ILogger logger, string request, string labels, string reasons);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node} gives no more slots: a launch on it has failed")]
    private static partial void LogFailed(ILogger logger, string node);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} is given back: its slots are no longer needed")]
    private static partial void LogGivenBack(ILogger logger, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node} is to be deleted: node {Backing}, of which it is a slot, has gone or is about to")]
    private static partial void LogEvicted(ILogger logger, string node, string backing);
}
