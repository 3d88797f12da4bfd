using Nodepool.Core.Launching.Governing;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;

namespace Nodepool.Core.Launching.Nodes;

/// <summary>Where an attempt goes when the one before has failed: a single node to the next zone, one of several to where the others are.</summary>
internal static class RetryZone
{
    /// <summary>The zone of the next attempt: the next one in which launches do not fare badly, else the next one.</summary>
    /// <exception cref="ProviderException">The cloud does not tell its zones.</exception>
    public static async ValueTask<string?> NextAsync(PoolRun run, LaunchGovernor governor, NodeRecord node, CancellationToken ct)
    {
        if (run.Provider is not IZonedProvider provider || node.Az is not { } zone || SetOf(run, node) is not null)
        {
            return node.Az;
        }

        var zones = await provider.GetZonesAsync(run.Setup.Pool, ct);
        var here = zones.ToList().IndexOf(zone);
        string[] others = [.. zones.Skip(here + 1), .. zones.Take(here + 1)];
        return others.FirstOrDefault(other => !governor.IsBad(node.Type[0], other)) ?? others.FirstOrDefault();
    }

    /// <summary>A set whose zone is full gains nothing by more attempts there when it may go to another: the pool's next pass moves it.</summary>
    /// <exception cref="ProviderException">The cloud does not tell its zones.</exception>
    public static async ValueTask<bool> IsToBeLeftAsync(PoolRun run, NodeRecord node, CancellationToken ct) =>
        run.Provider is IZonedProvider provider && node.Az is { } zone && SetOf(run, node) is { } request
        && (await provider.GetZonesAsync(run.Setup.Pool, ct)).Any(other => other != zone && !request.FailedZones.Contains(ZoneChoice.NameOf(run.Key, other)));

    /// <summary>The request of a node that is one of several; else null.</summary>
    private static NodeRequestRecord? SetOf(PoolRun run, NodeRecord node) =>
        node.AllocatedTo is { } id && run.Context.Feed.Current.Requests.GetValueOrDefault(id)?.Record is { NodeTypes.Count: > 1 } request ? request : null;
}
