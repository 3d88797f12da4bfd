using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Backing;

/// <summary>One run of <see cref="BackingPlanner"/>.</summary>
internal sealed class BackingPass
{
    /// <summary>A failed request stays so long for those who waited for it to see; usually they are gone sooner.</summary>
    private const double LongestDisappointment = 60;

    private readonly ClusterView _view;
    private readonly BackingMemory _memory;
    private readonly double _now;
    private readonly string _owner;
    private readonly bool _isDrained;
    private readonly IReadOnlySet<string> _yielding;
    private readonly PoolLabelConfig[] _labels;
    private readonly NodeView[] _backing;
    private readonly NodeView[] _waiting;
    private readonly BackingRequest[] _requests;

    public BackingPass(ClusterView view, ProviderConfig provider, BackingMemory memory, double now)
    {
        (_view, _memory, _now) = (view, memory, now);
        _owner = BackingRecord.OwnerOf(provider.Name);
        _isDrained = view.IsDrained(provider.Name);
        _labels = [.. provider.Pools.SelectMany(pool => pool.Labels).Where(label => label.Backing is not null)];
        _backing = [.. view.Nodes.OwnedBy(_owner).Where(memory.Locks.ContainsKey).Select(id => view.Nodes.ById[id])];
        _waiting = [.. provider.Pools.SelectMany(pool => view.Nodes.ActiveIn(new PoolKey(provider.Name, pool.Name))).Order(StringComparer.Ordinal)
            .Select(id => view.Nodes.ById[id])
            .Where(node => node.Record is { State: NodeState.Building, Launch.Phase: LaunchPhase.Create, Place: null } record && RuleOf(record.Type[0]) is not null)];
        _yielding = _waiting.All(IsForReady) ? new BackingYield(view, _owner).Of(_backing) : new HashSet<string>();
        _requests = [.. view.RequestsOf(_owner).Where(request => request.Record!.NodeTypes.Count == 1).Select(request => new BackingRequest(request, _labels))];
        Places = [.. provider.Pools.SelectMany(pool => view.Nodes.In(new PoolKey(provider.Name, pool.Name))).Select(id => view.Nodes.ById[id])
            .Where(node => node.Record!.Place is not null)];
    }

    private NodeView[] Places { get; }

    public BackingPlan Run()
    {
        var placed = Place();
        var (ask, superfluous) = Ask([.. _waiting.Except(placed.Select(place => place.Node)).Where(node => !IsDisappointed(node))]);
        var taken = Take();
        var closed = _backing.Where(IsClosed).Select(node => node.Id).ToHashSet(StringComparer.Ordinal);
        return new BackingPlan
        {
            Place = placed.ToValueList(),
            Ask = ask.ToValueList(),
            Take = taken.ToValueList(),
            Drop = superfluous.Concat(Dead(taken)).DistinctBy(request => request.Id).ToValueList(),
            Mark = _backing.Where(node => node.Record is { State: NodeState.InUse, Backing.HasFailed: false } && HasFailed(node)).ToValueList(),
            GiveBack = _backing.Where(node => DueIn(node) <= 0).ToValueList(),
            Unlock = _backing.Where(IsLeft).ToValueList(),
            Evict = Places.Where(node => node is { IsLocked: false, Record.IsIdle: true } && (!IsBacked(node.Record.Place!) || IsEnding(node.Record.Place!.BackingNode) || closed.Contains(node.Record.Place!.BackingNode))).ToValueList(),
            Next = _backing.Select(DueIn).Where(due => due is > 0 and < double.PositiveInfinity).Select(due => (TimeSpan?)TimeSpan.FromSeconds(due)).Min(),
        };
    }

    private List<(NodeView Node, NodeView Backing, int Slot)> Place()
    {
        var placed = new List<(NodeView, NodeView, int)>();
        var free = _backing.Where(node => node.Record!.State == NodeState.InUse && !IsClosed(node) && !HasFailed(node))
            .SelectMany(node => FreeSlots(node).Select(slot => (Backing: node, Slot: slot)))
            .ToLookup(slot => RuleOf(slot.Backing.Record!.Backing!));
        foreach (var group in _waiting.GroupBy(node => RuleOf(node.Record!.Type[0])!))
        {
            placed.AddRange(group.Zip(free[group.Key], (node, slot) => (node, slot.Backing, slot.Slot)));
        }

        return placed;
    }

    /// <summary>Nobody waits for a node that is launched, but <c>min-ready</c>.</summary>
    private static bool IsForReady(NodeView node) => node.Record!.AllocatedTo?.StartsWith(PoolPlanner.MinReadyPriority, StringComparison.Ordinal) == true;

    private IEnumerable<int> FreeSlots(NodeView backing)
    {
        var taken = _view.Nodes.PlacedOn(backing.Id).Select(id => _view.Nodes.ById[id].Record!.Place!.Slot).ToHashSet();
        return Enumerable.Range(0, backing.Record!.Backing!.Slots).Where(slot => !taken.Contains(slot));
    }

    /// <summary>Just so many requests as those who wait need slots; what is too much is withdrawn while nobody works on it.</summary>
    private (List<BackingWish> Ask, List<RequestView> Superfluous) Ask(NodeView[] waiting)
    {
        var (ask, superfluous) = (new List<BackingWish>(), new List<RequestView>());
        foreach (var label in _labels.DistinctBy(label => label.Backing))
        {
            var rule = label.Backing!;
            var open = _requests.Where(request => request.IsOpen && rule.Equals(request.Rule)).ToArray();
            var nodes = waiting.Where(node => rule.Equals(RuleOf(node.Record!.Type[0]))).ToArray();
            var needed = (nodes.Length + rule.Slots - 1) / rule.Slots;

            // Hosts that exist are not asked for by wishes for ready nodes: whoever needs one of them needs it at once.
            var isStanding = _view.Pools.Any(pool => pool.IsStanding && pool.SupportedLabels.Contains(rule.Label));
            var urgent = isStanding ? needed : (nodes.Count(node => !IsForReady(node)) + rule.Slots - 1) / rule.Slots;
            var lacking = Math.Max(0, urgent - open.Count(request => !PoolPlanner.IsMinReady(request.View)));
            ask.AddRange(Enumerable.Repeat(new BackingWish(label.Name, IsForReady: false), lacking));
            ask.AddRange(Enumerable.Repeat(new BackingWish(label.Name, IsForReady: true), Math.Max(0, needed - open.Length - lacking)));
            superfluous.AddRange(open.Reverse().Take(open.Length - needed).Select(request => request.View)
                .Where(request => request.Record!.State == RequestState.Requested && !_view.IsLocked(request)));
        }

        return (ask, superfluous);
    }

    private List<(RequestView Request, NodeView Node, BackingRecord Backing)> Take()
    {
        var taken = new List<(RequestView, NodeView, BackingRecord)>();
        foreach (var request in _requests.Where(request => request is { Rule: not null, View.Record.State: RequestState.Fulfilled }))
        {
            if (NodeOf(request.View) is { IsLocked: false } node)
            {
                taken.Add((request.View, node, new BackingRecord(_owner, request.Label!, request.Rule!.Slots, HasFailed: false, _now)));
            }
        }

        return taken;
    }

    private NodeView? NodeOf(RequestView request) =>
        request.Record!.Nodes is [var id] && _view.Nodes.ById.GetValueOrDefault(id) is { Record.State: NodeState.Ready } node && node.Record.AllocatedTo == request.Id ? node : null;

    /// <summary>Failed ones that everybody who waited has seen, and those of which nothing can come.</summary>
    private IEnumerable<RequestView> Dead(List<(RequestView Request, NodeView Node, BackingRecord Backing)> taken) => _requests
        .Where(request => request.View.Record!.State switch
        {
            RequestState.Failed => _now - request.View.Record.StateTime > LongestDisappointment || !_waiting.Any(IsDisappointed),
            RequestState.Fulfilled => NodeOf(request.View) is null || request.Rule is null,
            _ => request.Rule is null && !_view.IsLocked(request.View),
        })
        .Select(request => request.View).Where(request => !taken.Exists(other => other.Request.Id == request.Id));

    /// <summary>Its launch is about to fail because a request did.</summary>
    private bool IsDisappointed(NodeView node) =>
        BackingWait.Disappointment(_view, _owner, RuleOf(node.Record!.Type[0])!.Label, BackingWait.Since(node.Record.Launch!.Stage)) is not null;

    /// <summary>No new nodes, and idle ones go: it has failed or is too old, or its label or pool is gone.</summary>
    private bool IsClosed(NodeView node) => IsEnding(node.Id)
        || node.Record!.Backing is not { HasFailed: false } backing || RuleOf(backing) is not { } rule || _now - backing.Launched > (rule.MaxAge ?? TimeSpan.MaxValue).TotalSeconds;

    /// <summary>Its own pool is nobody's any more, its provider shall become empty, or somebody needs its room: idle slots must not keep it.</summary>
    private bool IsEnding(string backing) => _yielding.Contains(backing) || _memory.Ending.Contains(backing) || _view.IsDrained(_view.Nodes.ById.GetValueOrDefault(backing)?.Record?.Provider);

    /// <summary>A node on it answers to no nodescan.</summary>
    private bool HasFailed(NodeView backing) =>
        _view.Nodes.PlacedOn(backing.Id).Any(id => _view.Nodes.ById[id].Record is { State: NodeState.Building, Launch.Phase: LaunchPhase.Clean });

    /// <summary>Seconds until it is to be given back, as long as it stays empty.</summary>
    private double DueIn(NodeView node)
    {
        if (node.Record is not { State: NodeState.InUse, Backing: { } backing } || !_memory.EmptySince.TryGetValue(node.Id, out var since))
        {
            return double.PositiveInfinity;
        }

        return IsClosed(node) || RuleOf(backing) is not { } rule || (_isDrained && _waiting.Length == 0) ? 0
            : Math.Max(since + rule.GraceTime.TotalSeconds, backing.Launched + rule.MinRetentionTime.TotalSeconds) - _now;
    }

    /// <summary>Somebody has taken it from us: our lock must not keep them. One that is held keeps its nodes until they have ended.</summary>
    private bool IsLeft(NodeView node) => node.Record!.State switch
    {
        NodeState.InUse => false,
        NodeState.Hold => _view.Nodes.PlacedOn(node.Id).IsEmpty,
        _ => true,
    };

    private bool IsBacked(SlotPlace place) =>
        _view.Nodes.ById.GetValueOrDefault(place.BackingNode)?.Record is { State: NodeState.InUse or NodeState.Hold, Backing: { } backing } && backing.Owner == _owner;

    private BackingRule? RuleOf(string label) => _labels.FirstOrDefault(one => one.Name == label)?.Backing;

    private BackingRule? RuleOf(BackingRecord backing) => BackingRequest.Find(_labels, backing.Label)?.Backing;
}
