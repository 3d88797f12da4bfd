using Nodepool.Core.Launching.Duties;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;

namespace Nodepool.Testing.Simulation;

/// <summary>What must hold whenever a node request changes.</summary>
internal sealed class RequestRules(SimWorld world)
{
    private SimModel Model => world.Model;

    public void Check(string id, NodeRequestRecord? old, NodeRequestRecord? now, bool isEphemeral)
    {
        var by = Model.Actor;
        var isLaunchers = (now ?? old)?.Requestor is MinReadyPlanner.Requestor or SimConfig.BackingRequestor;
        if (old is null && now is not null)
        {
            world.Require(now.State == RequestState.Requested, $"request {id} begins as {now.State}");
            world.Require(by?.Actors == Actors.Client || isLaunchers, $"request {id} of {now.Requestor} was made by {by?.Name}: a request that its client has withdrawn must not come back");
            world.Require(isEphemeral == isLaunchers, $"request {id} of {now.Requestor} is {(isEphemeral ? "" : "not ")}ephemeral");
        }
        else if (old is not null && now is null)
        {
            world.Require(by is null ? isLaunchers : by.Actors == Actors.Client || isLaunchers, $"request {id} of {old.Requestor} was deleted by {by?.Name ?? "the end of a session"}: that is its client's right");
        }
        else if (old is not null && now is not null)
        {
            Changed(id, old, now, by);
        }
    }

    private void Changed(string id, NodeRequestRecord old, NodeRequestRecord now, SimProcess? by)
    {
        if (by is null)
        {
            world.Fail($"request {id} changed although nobody wrote");
            return;
        }

        var holder = Model.Holder(NodepoolPaths.RequestLock(id));
        if (by.Actors == Actors.Client)
        {
            world.Require(now.State == old.State && old.State == RequestState.Requested, $"request {id}: the client's revision met state {old.State} and made it {now.State}");
            return;
        }

        var isRescue = old.State == RequestState.Pending && now.State == RequestState.Requested && holder == 0;
        world.Require(holder == Model.ActorSession || isRescue, $"two owners of request {id}: {by.Name} changed it ({old.State} to {now.State}) while its lock is held by {Model.OwnerOf(holder)?.Name ?? "nobody"}");
        world.Require(
            old.State == now.State || RequestTransitions.Table.Allows(old.State, now.State, by.Actors),
            $"request {id} went from {old.State} to {now.State} by {by.Name}, who may not do that");
        var mine = now with
        {
            State = old.State,
            StateTime = old.StateTime,
            DeclinedBy = old.DeclinedBy,
            DeclineReasons = old.DeclineReasons,
            FailedZones = old.FailedZones,
            LaunchDeadline = old.LaunchDeadline,
            HandedOver = old.HandedOver,
            Nodes = old.Nodes,
        };
        world.Require(mine == old, $"request {id}: {by.Name} changed what belongs to the client (a revision was lost): {old} became {now}");
        if (now.State == RequestState.Fulfilled)
        {
            Fulfilled(id, now);
        }

        world.Require(now.State != RequestState.Failed || now.DeclineReasons.Count > 0, $"request {id} failed and does not say why");
        world.Require(now.State != RequestState.Failed || now.Nodes.Count == 0, $"request {id} failed but names nodes {string.Join(',', now.Nodes)}");
    }

    private void Fulfilled(string id, NodeRequestRecord request)
    {
        world.Require(
            request.Nodes.Count == request.NodeTypes.Count && request.Nodes.Distinct().Count() == request.Nodes.Count,
            $"request {id} for {string.Join(',', request.NodeTypes)} is fulfilled with nodes {string.Join(',', request.Nodes)}");
        // Slots are where their machine is, which was there before.
        var zones = request.Nodes.Select(node => Model.Nodes.GetValueOrDefault(node)?.Record).Where(node => node?.Place is null).Select(node => node?.Az).OfType<string>().Distinct().ToList();
        world.Require(zones.Count < 2, $"request {id} is fulfilled with nodes of several zones: {string.Join(',', zones)}");
        foreach (var (nodeId, label) in request.Nodes.Zip(request.NodeTypes))
        {
            var node = Model.Nodes.GetValueOrDefault(nodeId)?.Record;
            world.Require(node is not null, $"request {id} is fulfilled with node {nodeId}, which does not exist");
            world.Require(node!.State == NodeState.Ready, $"request {id} is fulfilled with node {nodeId}, which is {node.State}");
            world.Require(node.AllocatedTo == id, $"request {id} is fulfilled with node {nodeId}, which belongs to {node.AllocatedTo ?? "nobody"}");
            world.Require(node.Type.Contains(label), $"request {id} wants {label} but its node {nodeId} is {string.Join(',', node.Type)}");
            var other = Model.Requests.FirstOrDefault(pair => pair.Key != id && pair.Value.State == RequestState.Fulfilled && pair.Value.Nodes.Contains(nodeId));
            world.Require(other.Value is null, $"node {nodeId} was given to two requests: {other.Key} and {id}");
        }
    }
}
