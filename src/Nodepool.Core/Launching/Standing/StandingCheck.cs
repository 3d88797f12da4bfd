using Microsoft.Extensions.Logging;
using Nodepool.Core.Collections;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Providers;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Standing;

/// <summary>Looks at the machines of ready nodes in the moment when a request is to get them: what was well a minute ago may be down.</summary>
internal sealed partial class StandingCheck(PoolRun run, ILogger logger)
{
    /// <summary>Those of the nodes that must not be given out.</summary>
    public async ValueTask<IReadOnlyList<NodeView>> UnwellAsync(ValueList<NodeView> nodes, CancellationToken ct)
    {
        if (nodes.Count == 0 || run.Provider is not IStandingProvider provider || !run.Setup.Pool.IsStanding)
        {
            return [];
        }

        var isWell = await Task.WhenAll(nodes.Select(node => IsWellAsync(provider, node, ct)));
        return [.. nodes.Zip(isWell).Where(pair => !pair.Second).Select(pair => pair.First)];
    }

    private async Task<bool> IsWellAsync(IStandingProvider provider, NodeView node, CancellationToken ct)
    {
        if (run.Setup.Pool.Machines.FirstOrDefault(machine => StandingSlot.IsOn(node.Record!, machine)) is not { } machine)
        {
            return false;
        }

        try
        {
            return (await provider.CheckAsync(machine, ct)).Equals(node.Record!.HostKeys);
        }
        catch (ProviderException e)
        {
            LogUnwell(logger, node.Id, e.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node} is not given out: {Reason}")]
    private static partial void LogUnwell(ILogger logger, string node, string reason);
}
