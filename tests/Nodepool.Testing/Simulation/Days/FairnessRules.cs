using Nodepool.Core.Explaining;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Testing.Simulation.Days;

/// <summary>
/// What decision 0012 promises to requests that have waited for five minutes, checked whenever a pool launches for another one: it does not launch for one of the same party
/// that was made more than an hour later, nor for a party that has more than the party whose next request it is. Only requests that the pool could have launched for count.
/// And a request that is the first of all whom a pool of a steady cloud could serve, however large, is served within twice the longest time that a node is with a client.
/// </summary>
internal sealed class FairnessRules
{
    /// <summary>What a pool may not have heard of yet: nodes that others have just launched or deleted.</summary>
    private const double NodesUnheardOf = 12;

    /// <summary>Somebody who has just had a request's lock kept others from it.</summary>
    private static readonly TimeSpan SinceLocked = TimeSpan.FromMinutes(2);

    private const double SecondsOfDeletion = 60;

    /// <summary>A launcher may have to be missed, and the last launch takes its time.</summary>
    private const double Grace = 600;

    private readonly SimWorld _world;
    private readonly Func<string, bool> _isSteady;
    private readonly Dictionary<(string Provider, string Pool), (string Request, double Since)> _firstOfAll = [];
    private readonly Dictionary<string, DateTimeOffset> _released = new(StringComparer.Ordinal);
    private readonly Dictionary<Party, int> _nodes = [];

    /// <param name="world">Everything that exists.</param>
    /// <param name="isSteady">Whether the cloud of a provider never has troubles.</param>
    public FairnessRules(SimWorld world, Func<string, bool> isSteady)
    {
        (_world, _isSteady) = (world, isSteady);
        world.MinutePassed += Look;
        world.Model.NodeChanged += Count;
        world.Model.RequestChanged += Check;
        world.Model.LockReleased += directory => _released[directory] = world.Scheduler.Now;
    }

    /// <summary>Launches compared with requests that waited.</summary>
    public long Compared { get; private set; }

    private double Now => _world.Scheduler.Now.Subtract(DateTimeOffset.UnixEpoch).TotalSeconds;

    private void Count(string id, NodeRecord? before, NodeRecord? after)
    {
        if (before is { IsIdle: false })
        {
            _nodes[Party.Of(before)] = NodesOf(Party.Of(before)) - 1;
        }

        if (after is { IsIdle: false })
        {
            _nodes[Party.Of(after)] = NodesOf(Party.Of(after)) + 1;
        }
    }

    private void Look()
    {
        foreach (var provider in _world.Config.Providers.Where(provider => _isSteady(provider.Name)))
        {
            foreach (var pool in provider.Pools)
            {
                var key = (provider.Name, pool.Name);
                if (FirstOfAll(pool, provider.Name) is not { } id)
                {
                    _firstOfAll.Remove(key);
                }
                else if (!_firstOfAll.TryGetValue(key, out var first) || first.Request != id)
                {
                    _firstOfAll[key] = (id, Now);
                }
                else
                {
                    _world.Require(
                        Now - first.Since < (2 * (DayWork.Longest.TotalSeconds + SecondsOfDeletion)) + Grace,
                        $"request {id} for {_world.Model.Requests[id].NodeTypes.Count} nodes is the first of all for {provider.Name}/{pool.Name} since {Now - first.Since:0} s and not served");
                }
            }
        }
    }

    /// <summary>By priority, by what its party has, within a party by urgency.</summary>
    private string? FirstOfAll(Core.Config.PoolConfig pool, string provider)
    {
        (string Id, NodeRequestRecord Record)? best = null;
        foreach (var (id, record) in _world.Model.Requests)
        {
            if (record.State == RequestState.Requested && record.Requestor == DayClient.Requestor && CouldHave(id, record, pool, provider)
                && (best is not { } known || GoesFirst(id, record, known.Id, known.Record)))
            {
                best = (id, record);
            }
        }

        return best?.Id;
    }

    private bool GoesFirst(string id, NodeRequestRecord record, string other, NodeRequestRecord than)
    {
        var order = string.CompareOrdinal(id, 0, other, 0, 4);
        order = order != 0 ? order : NodesOf(Party.Of(record)).CompareTo(NodesOf(Party.Of(than)));
        return order != 0 ? order < 0 : Party.Of(record) == Party.Of(than) ? GoesBefore(id, record, other, than) : record.CreatedTime < than.CreatedTime;
    }

    private int NodesOf(Party party) => _nodes.GetValueOrDefault(party);

    private void Check(string id, NodeRequestRecord? before, NodeRequestRecord? after)
    {
        if (before is not { State: RequestState.Requested } || after is not { State: RequestState.Pending } || after.Requestor != DayClient.Requestor
            || _world.Model.Actor?.Actors.HasFlag(Actors.Launcher) != true)
        {
            return;
        }

        var launched = _world.Model.Nodes.Values.Select(node => node.Record).FirstOrDefault(node => node is { State: NodeState.Building } && node.AllocatedTo == id);
        if (launched is null || _world.Config.FindProvider(launched.Provider!)?.Pools.FirstOrDefault(one => one.Name == launched.Pool) is not { } pool)
        {
            return;
        }

        var first = new Dictionary<Party, (string Id, NodeRequestRecord Record)>();
        foreach (var (other, record) in _world.Model.Requests)
        {
            if (record.State != RequestState.Requested || other == id || !other.AsSpan(0, 4).SequenceEqual(id.AsSpan(0, 4)))
            {
                continue;
            }

            var party = Party.Of(record);
            if (!first.TryGetValue(party, out var known) || GoesBefore(other, record, known.Id, known.Record))
            {
                first[party] = (other, record);
            }

            if (party == Party.Of(after) && after.CreatedTime - record.CreatedTime > FairOrder.Head.TotalSeconds && CouldHave(other, record, pool, launched.Provider!) && !IsExcused(other, record, launched))
            {
                _world.Fail($"{launched.Provider}/{pool.Name} launches for request {id} before {other} of its party, which waits for {Now - record.CreatedTime:0} s and is {after.CreatedTime - record.CreatedTime:0} s older");
            }
        }

        foreach (var (party, (other, record)) in first.Where(pair => pair.Key != Party.Of(after)))
        {
            if (party.Tenant == DayPlan.Tenants[^1] || !CouldHave(other, record, pool, launched.Provider!))
            {
                continue;
            }

            Compared++;
            var had = NodesOf(Party.Of(after)) - after.NodeTypes.Count;
            _world.Require(
                NodesOf(party) + NodesUnheardOf >= had || IsExcused(other, record, launched),
                $"{launched.Provider}/{pool.Name} launches for request {id} of {Party.Of(after)}, which has {had} nodes, before {other} of {party}, which has {NodesOf(party)} and waits for {Now - record.CreatedTime:0} s");
        }
    }

    /// <summary>
    /// The pool is slow and leaves the request to a faster one, where it has its place; or what it launched for does not use the lane of the governor that this one waits for.
    /// </summary>
    private bool IsExcused(string id, NodeRequestRecord record, NodeRecord launched)
    {
        var view = new ClusterView().After(new ChangeBatch(_world.Tree.Position, true, [.. _world.Tree.Snapshot("/").Select(entry => new Change(entry.Path, entry))]));
        var code = RequestExplainer.Of(view, id, Now)?.Pools.FirstOrDefault(one => one.Pool == new PoolKey(launched.Provider!, launched.Pool!))?.Code;
        return code == VerdictCode.LeftToOthers.Word()
            || ((code == VerdictCode.Governed.Word() || code == VerdictCode.BreakerOpen.Word()) && !record.NodeTypes.Intersect(launched.Type).Any());
    }

    /// <summary>Within a party, as the product promises it: by age less what the relative priority is worth.</summary>
    private bool GoesBefore(string id, NodeRequestRecord record, string other, NodeRequestRecord than)
    {
        double Urgency(NodeRequestRecord one) => FairOrder.Age(one, Now) - (6.0 * one.RelativePriority / (one.RelativePriority + 5) * FairOrder.Step.TotalSeconds);
        var order = Urgency(than).CompareTo(Urgency(record));
        return order < 0 || (order == 0 && string.CompareOrdinal(id, other) < 0);
    }

    private bool CouldHave(string id, NodeRequestRecord record, Core.Config.PoolConfig pool, string provider) =>
        FairOrder.Age(record, Now) > FairOrder.Patience.TotalSeconds + SinceLocked.TotalSeconds
        && Now - record.StateTime > SinceLocked.TotalSeconds
        && record.DeclinedBy.Count == 0
        && record.LaunchDeadline is null
        && record.NodeTypes.All(label => pool.FindLabel(label) is { } config && (config.DiskImage is null || _world.Images.Newest(provider) is not null))
        && _world.Model.Holder(NodepoolPaths.RequestLock(id)) == 0
        && (!_released.TryGetValue(NodepoolPaths.RequestLock(id), out var released) || _world.Scheduler.Now - released > SinceLocked);
}
