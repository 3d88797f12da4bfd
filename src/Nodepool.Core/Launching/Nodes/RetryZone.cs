using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;

namespace Nodepool.Core.Launching.Nodes;

/// <summary>Where an attempt goes when the one before has failed: a single node to the next zone, one of several to where the others are.</summary>
internal static class RetryZone
{
    /// <summary>The zone of the next attempt.</summary>
    /// <exception cref="ProviderException">The cloud does not tell its zones.</exception>
    public static async ValueTask<string?> NextAsync(PoolRun run, NodeRecord node, CancellationToken ct)
    {
        if (run.Provider is not IZonedProvider provider || node.Az is not { } zone || SetOf(run, node) is not null)
        {
            return node.Az;
        }

        var zones = await provider.GetZonesAsync(run.Setup.Pool, ct);
        return zones.Count == 0 ? null : zones[(zones.ToList().IndexOf(zone) + 1) % zones.Count];
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
