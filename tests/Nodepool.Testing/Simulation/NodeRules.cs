using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.View;

namespace Nodepool.Testing.Simulation;

/// <summary>What must hold whenever a node record changes.</summary>
internal sealed class NodeRules(SimWorld world)
{
    /// <summary>A launcher whose picture of the store is old may begin something for so long.</summary>
    private static readonly TimeSpan NoticesADrain = TimeSpan.FromMinutes(2);

    private readonly HashSet<string> _tokens = new(StringComparer.Ordinal);

    private SimModel Model => world.Model;

    /// <summary>Whether a record with this token was ever stored.</summary>
    public bool IsKnownToken(string token) => _tokens.Contains(token);

    public void Check(string id, SimNode? old, SimNode? now)
    {
        if (old?.Record is null && now?.Record is null)
        {
            return;
        }

        var by = Model.Actor;
        if (by is null)
        {
            world.Fail($"node {id} changed although nobody wrote: node records do not end with sessions");
            return;
        }

        if (old?.Record is null)
        {
            Created(id, now!.Record!, by);
            world.TenantRules.Check(now, null, by);
        }
        else if (now?.Record is null)
        {
            Removed(id, old, by);
        }
        else
        {
            Changed(old, now, by);
        }
    }

    private static bool IsLauncher(SimProcess by) => by.Actors.HasFlag(Actors.Launcher);

    private void Created(string id, NodeRecord node, SimProcess by)
    {
        if (by.Actors == Actors.Client)
        {
            // A late write to a node that a lock attempt has brought back as an empty entry.
            Model.Nodes[id] = new SimNode(id, node, IsTainted: true);
            Model.Tainted.Add(id);
            return;
        }

        world.Require(IsLauncher(by), $"node {id} was made by {by.Name}: only launchers make nodes");
        world.Require(
            !Model.Drains.TryGetValue(node.Provider!, out var drained) || world.Scheduler.Now - drained < NoticesADrain,
            $"node {id} was made at {node.Provider}, which is being drained since {drained}");
        if (node.Slot is not null && node.Hostname is not null)
        {
            Registered(id, node, by);
            return;
        }

        world.Require(node is { State: NodeState.Building, Launch: not null }, $"node {id} begins as {node.State}: intent and record are one commit in state building");
        world.Require(_tokens.Add(node.Launch!.Token), $"node {id} has the token of another attempt: {node.Launch.Token}");
        world.Require(
            node.AllocatedTo is { } request && Model.Requests.GetValueOrDefault(request)?.State == RequestState.Pending,
            $"node {id} was ordered for request {node.AllocatedTo}, which is {Model.Requests.GetValueOrDefault(node.AllocatedTo ?? "")?.State.ToString() ?? "gone"}");
        OwnedPool(id, node, by, "orders");
        var key = new PoolKey(node.Provider ?? "", node.Pool ?? "");
        var used = Model.Nodes.Values
            .Where(other => other.Record is { } record && record.Provider == key.Provider && record.Pool == key.Pool)
            .Aggregate(Quota.Zero, (sum, other) => sum.Plus(other.Record!.Cost));
        var limits = by.Configs.Select(config => config.FindProvider(key.Provider)?.Pools.FirstOrDefault(pool => pool.Name == key.Pool)?.Limits).OfType<Quota>().ToList();
        world.Require(
            limits.Exists(used.FitsIn),
            $"node {id} takes pool {key} over its limit of {(limits is [.., var last] ? used.FirstExceeding(last) : "everything")}: {used.Amounts} of {string.Join(" or ", limits.Select(limit => limit.Amounts))}");
    }

    /// <summary>A node of a host that exists: nobody asked for it, and its slot was free.</summary>
    private void Registered(string id, NodeRecord node, SimProcess by)
    {
        world.Require(node is { State: NodeState.Ready, AllocatedTo: null, Launch.Phase: LaunchPhase.Done }, $"node {id} on {node.Hostname} begins as {node.State} for {node.AllocatedTo ?? "nobody"}");
        world.Require(_tokens.Add(node.Launch!.Token), $"node {id} has the token of another: {node.Launch.Token}");
        world.Require(
            Model.Holder(NodepoolPaths.DutyLease($"standing-{node.Provider}")) == Model.ActorSession, $"node {id} was registered by {by.Name}, who does not have the duty");
        var other = Model.Nodes.Values.FirstOrDefault(one => one.Id != id && one.Record is { } record && record.Hostname == node.Hostname && record.Slot == node.Slot);
        world.Require(other is null, $"slot {node.Slot} of {node.Hostname} has nodes {other?.Id} and {id}");
    }

    private void Removed(string id, SimNode old, SimProcess by)
    {
        if (old.IsTainted)
        {
            return;
        }

        var node = old.Record!;
        world.Require(IsLauncher(by) || by.Actors == Actors.Operator, $"node {id} was removed by {by.Name}: only launchers, and operators without one, remove nodes");
        world.Require(node.State is NodeState.Deleting or NodeState.Deleted, $"node {id} was removed by {by.Name} while {node.State}");
        world.Require(Model.Holder(NodepoolPaths.NodeLock(id)) == Model.ActorSession, $"node {id} was removed by {by.Name}, but its lock is held by {Holder(id)}");
        var left = world.Servers(node.Provider).FirstOrDefault(server => server.Id == node.ExternalId.AsText());
        world.Require(left is null, $"node {id} was removed while its instance {left?.Id} still exists: a delete is finished when the cloud says that it is gone");
    }

    private void Changed(SimNode old, SimNode now, SimProcess by)
    {
        var (before, after) = (old.Record!, now.Record!);
        var holds = Model.Holder(NodepoolPaths.NodeLock(now.Id)) == Model.ActorSession;
        if (by.Actors == Actors.Client)
        {
            if (!holds)
            {
                Model.Nodes[now.Id] = now with { IsTainted = true };
                Model.Tainted.Add(now.Id);
                return;
            }

            world.Require(before.AllocatedTo == after.AllocatedTo || old.IsTainted, $"node {now.Id} went from {before.AllocatedTo} to {after.AllocatedTo ?? "nobody"} by the write of a client: the launcher changed it under the client's lock");
        }

        if (before.State != after.State && !old.IsTainted)
        {
            world.Require(
                NodeTransitions.Table.Allows(before.State, after.State, by.Actors),
                $"node {now.Id} went from {before.State} to {after.State} by {by.Name}, who may not do that");
        }

        if (IsLauncher(by))
        {
            LauncherChanged(old, now, by, holds);
            world.TenantRules.Check(now, before, by);
        }
    }

    private void LauncherChanged(SimNode old, SimNode now, SimProcess by, bool holds)
    {
        var (before, after) = (old.Record!, now.Record!);
        var id = now.Id;
        if (after.Launch is { } launch && launch.Token != before.Launch?.Token)
        {
            world.Require(_tokens.Add(launch.Token), $"node {id} has the token of another attempt: {launch.Token}");
        }

        if (after.Backing is not null && before.State is NodeState.Ready or NodeState.InUse && after.State is NodeState.InUse or NodeState.Used)
        {
            // Taken, marked or given back by who lends its slots; the lock is not of a session.
            world.Require(Model.Holder(NodepoolPaths.DutyLease("backing-slots")) == Model.ActorSession, $"node {id} was changed from {before.State} to {after.State} by {by.Name}, who does not have the duty");
            world.Require(before.State != NodeState.Ready || before.AllocatedTo is not null, $"node {id} was taken as a backing node although nobody asked for it");
            world.Require(after.State != NodeState.Used || Placed(id) == 0, $"backing node {id} was given back by {by.Name} with nodes on it");
            return;
        }

        if (before.Place is null && after.Place is { } place)
        {
            PlacedOn(id, place, by);
            world.Require(
                after with { Place = null, DriverData = before.DriverData } == before, $"node {id} was changed by {by.Name} besides being placed: {before} became {after}");
            return;
        }

        var isAllocation = after with { AllocatedTo = before.AllocatedTo, TenantName = before.TenantName, Requestor = before.Requestor } == before;
        var needsLock = !isAllocation && before.State is not (NodeState.Ready or NodeState.Hold);
        world.Require(!needsLock || holds, $"two owners of node {id}: {by.Name} changed it ({before.State} to {after.State}) while its lock is held by {Holder(id)}");
        world.Require(
            needsLock || Model.HolderProcess(NodepoolPaths.NodeLock(id)) is not { Actors: Actors.Client },
            $"node {id} was changed by {by.Name} while a client holds its lock ({Holder(id)})");
        if (before is not { State: NodeState.Ready, AllocatedTo: null } || after.State != NodeState.Deleting)
        {
            // Whoever needs the room of a provider may let an idle node of its other pools go.
            OwnedPool(id, before, by, isAllocation ? "frees" : "changes");
        }

        Allocation(id, before, after, by, old.IsTainted);
        if (before.State == NodeState.Hold && after.State != NodeState.Hold && !old.IsTainted)
        {
            var age = world.Scheduler.Now.Subtract(DateTimeOffset.UnixEpoch).TotalSeconds - before.StateTime;
            world.Require(
                (before.HoldExpiration is > 0 && age >= before.HoldExpiration) || (world.Config.MaxHoldAge > TimeSpan.Zero && age >= world.Config.MaxHoldAge.TotalSeconds),
                $"the hold of node {id} was lost after {age:0} s: {by.Name} made it {after.State}, but its limit is {before.HoldExpiration?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}");
        }
    }

    private int Placed(string backing) => Model.Nodes.Values.Count(node => node.Record?.Place?.BackingNode == backing);

    /// <summary>A slot is one node's only, and there.</summary>
    private void PlacedOn(string id, SlotPlace place, SimProcess by)
    {
        world.Require(Model.Holder(NodepoolPaths.DutyLease("backing-slots")) == Model.ActorSession, $"node {id} was placed by {by.Name}, who does not have the duty");
        var backing = Model.Nodes.GetValueOrDefault(place.BackingNode)?.Record;
        world.Require(
            backing is { State: NodeState.InUse, Backing: { HasFailed: false } on } && place.Slot < on.Slots, $"node {id} was placed on {place}, which is {backing?.State} with {backing?.Backing}");
        var other = Model.Nodes.Values.FirstOrDefault(node => node.Id != id && node.Record?.Place == place);
        world.Require(other is null, $"slot {place} is of nodes {other?.Id} and {id}");
    }

    private void Allocation(string id, NodeRecord before, NodeRecord after, SimProcess by, bool isTainted)
    {
        var from = before.AllocatedTo is { } request ? Model.Requests.GetValueOrDefault(request) : null;
        var isPromised = from?.State == RequestState.Fulfilled && from.Nodes.Contains(id) && before.State == NodeState.Ready && !isTainted;
        world.Require(
            !isPromised || (after.State == NodeState.Ready && after.AllocatedTo == before.AllocatedTo),
            $"node {id} was taken away by {by.Name} from request {before.AllocatedTo}, which is fulfilled with it: now {after.State} for {after.AllocatedTo ?? "nobody"}");
        if (before.AllocatedTo == after.AllocatedTo || after.AllocatedTo is not { } next)
        {
            return;
        }

        world.Require(before.AllocatedTo is null, $"node {id} was given to request {next} while it belongs to {before.AllocatedTo}");
        world.Require(before.State == NodeState.Ready && after.State == NodeState.Ready, $"node {id} was given to request {next} while {before.State}");
        world.Require(Model.Requests.ContainsKey(next), $"node {id} was given to request {next}, which is gone");
    }

    /// <summary>Whoever changes a node must own its pool or one of the duties that reach into pools.</summary>
    private void OwnedPool(string id, NodeRecord node, SimProcess by, string what)
    {
        string[] rights =
        [
            NodepoolPaths.PoolLease(node.Provider ?? "", node.Pool ?? ""),
            NodepoolPaths.DutyLease($"provider-{node.Provider}"),
            NodepoolPaths.DutyLease($"standing-{node.Provider}"),
            NodepoolPaths.DutyLease("backing-slots"),
            NodepoolPaths.DutyLease("min-ready"),
            NodepoolPaths.DutyLease("housekeeping"),
        ];

        // Housekeeping frees what was ordered for a request whose launcher has died, at whatever the launch is.
        var sufficient = what == "orders" || (what == "changes" && node.State == NodeState.Building) ? rights[..2] : rights;
        world.Require(
            sufficient.Any(right => Model.Holder(right) == Model.ActorSession),
            $"two owners of pool {node.Provider}/{node.Pool}: {by.Name} {what} node {id}, but the pool's lease is held by {Model.HolderProcess(rights[0])?.Name ?? "nobody"}");
    }

    private string Holder(string id) => Model.HolderProcess(NodepoolPaths.NodeLock(id))?.Name ?? "nobody";
}
