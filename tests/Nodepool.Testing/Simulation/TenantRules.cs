using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;

namespace Nodepool.Testing.Simulation;

/// <summary>What must hold whenever a launcher lets a node work for somebody: tenants stay within their limits, whoever launches for them.</summary>
internal sealed class TenantRules(SimWorld world)
{
    /// <summary>Checks a node that a launcher has made or changed.</summary>
    public void Check(SimNode now, NodeRecord? before, SimProcess by)
    {
        var node = now.Record!;
        if (!by.Actors.HasFlag(Actors.Launcher) || node.TenantName is not { } tenant || !IsWorking(node) || (before?.TenantName == tenant && IsWorking(before)))
        {
            return;
        }

        var used = world.Model.Nodes.Values
            .Where(other => !other.IsTainted && other.Record is { } record && record.TenantName == tenant && IsWorking(record))
            .Aggregate(Quota.Zero, (sum, other) => sum.Plus(other.Record!.Cost));
        foreach (var limit in world.Config.TenantLimits.Where(limit => limit.Tenant == tenant))
        {
            world.Require(used.FitsIn(limit.Limits), $"node {now.Id} takes tenant {tenant} over its limit of {used.FirstExceeding(limit.Limits)}: {used.Amounts} of {limit.Limits.Amounts}");
        }
    }

    private static bool IsWorking(NodeRecord node) => !node.IsIdle;
}
