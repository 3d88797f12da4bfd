using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.View;

namespace Nodepool.Testing.Simulation.Days;

/// <summary>
/// What decision 0012 promises to requests that have waited for five minutes, checked whenever a pool launches for another one: it does not launch for one of the same party
/// that was made more than an hour later, nor for a party that has more than the party whose next request it is. Only requests that the pool could have launched for count.
/// </summary>
internal sealed class FairnessRules
{
    /// <summary>What a pool may not have heard of yet: nodes that others have just launched or deleted.</summary>
    private const double NodesUnheardOf = 12;

    /// <summary>Somebody who has just had a request's lock kept others from it.</summary>
    private static readonly TimeSpan SinceLocked = TimeSpan.FromMinutes(2);

    private readonly SimWorld _world;
    private readonly Dictionary<string, DateTimeOffset> _released = new(StringComparer.Ordinal);
    private readonly Dictionary<Party, int> _nodes = [];

    public FairnessRules(SimWorld world)
    {
        _world = world;
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

            if (party == Party.Of(after) && after.CreatedTime - record.CreatedTime > FairOrder.Head.TotalSeconds && CouldHave(other, record, pool, launched.Provider!))
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
                NodesOf(party) + NodesUnheardOf >= had,
                $"{launched.Provider}/{pool.Name} launches for request {id} of {Party.Of(after)}, which has {had} nodes, before {other} of {party}, which has {NodesOf(party)} and waits for {Now - record.CreatedTime:0} s");
        }
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
