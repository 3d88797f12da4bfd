using Nodepool.Core.Model;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Testing.Simulation;

/// <summary>What must hold whenever somebody asks a cloud for something.</summary>
internal sealed class CloudRules(SimWorld world)
{
    /// <summary>Checks a call at the moment at which the cloud gets it.</summary>
    public void Check(string provider, FakeOperation operation, string subject)
    {
        if (operation == FakeOperation.Create)
        {
            world.Require(world.NodeRules.IsKnownToken(subject), $"an instance with token {subject} is asked for, but no record says so: the intent is stored first");
        }
        else if (operation == FakeOperation.Delete)
        {
            Deletion(provider, subject);
        }

        var cloud = world.Clouds[provider];
        world.Require(cloud.Used.FitsIn(cloud.Behaviour.Limits), $"cloud {provider} is over its limits: {cloud.Used.Amounts} of {cloud.Behaviour.Limits.Amounts}");
    }

    private void Deletion(string provider, string externalId)
    {
        var server = world.Servers(provider).FirstOrDefault(one => one.Id == externalId);
        var who = world.Scheduler.Current?.Name;
        foreach (var (id, node, isTainted) in world.Model.Nodes.Values)
        {
            if (node is null || isTainted || node.Provider != provider || (node.ExternalId.AsText() != externalId && (server is null || node.Launch?.Token != server.Token)))
            {
                continue;
            }

            world.Require(
                node.State is not (NodeState.Ready or NodeState.InUse or NodeState.Hold or NodeState.Used),
                $"{who} deletes instance {externalId} of node {id}, which is {node.State}");
            world.Require(
                node.State != NodeState.Building || node.Launch?.Phase == LaunchPhase.Clean,
                $"{who} deletes instance {externalId} of node {id}, which is being launched ({node.Launch?.Phase})");
        }
    }
}
