using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Compute;
using Nodepool.Providers.OpenStack.Volumes;

namespace Nodepool.Providers.OpenStack.Quotas;

/// <summary>What the project may have, without what others have of it: servers that this provider did not make, and volumes that are not its servers'.</summary>
internal static class ProjectLimits
{
    /// <summary>Asks the cloud.</summary>
    /// <param name="cloud">The cloud.</param>
    /// <param name="section">The provider's section as it is now.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async ValueTask<Quota> ReadAsync(OpenStackCloud cloud, ProviderConfig section, CancellationToken ct)
    {
        cloud.Volumes.Learn(section.Pools.SelectMany(pool => pool.Labels));
        await cloud.Flavors.LoadAsync(ct);
        var compute = (await cloud.Api.SendAsync(CloudCall.Get(CloudService.Compute, "limits"), ct)).Read(ComputeJson.Default.LimitsAnswer).Limits.Absolute;
        var servers = (await cloud.Servers.All.NextAsync(ct)).Items;
        var limits = Without(
            servers.Where(server => !cloud.IsOurs(server)).Aggregate(Quota.Zero, (sum, server) => sum.Plus(cloud.Flavors.CostOf(server))),
            (Quota.Instances, compute.Instances), (Quota.Cores, compute.Cores), (Quota.Ram, compute.Ram));
        if (!await cloud.Volumes.AreUsedAsync(ct))
        {
            return limits;
        }

        var storage = (await cloud.Api.SendAsync(CloudCall.Get(CloudService.BlockStorage, "limits"), ct)).Read(VolumeJson.Default.LimitsAnswer).Limits.Absolute;
        var ours = servers.Where(cloud.IsOurs).SelectMany(server => server.Volumes ?? []).Select(volume => volume.Id).ToHashSet(StringComparer.Ordinal);
        var others = (await cloud.Volumes.All.NextAsync(ct)).Items.Where(volume => !ours.Contains(volume.Id) && !IsOurs(cloud, volume))
            .Aggregate(Quota.Zero, (sum, volume) => sum.Plus(Quota.Of((Quota.Volumes, 1), (Quota.VolumeGb, volume.Size))));
        return limits.Tightest(Without(others, (Quota.Volumes, storage.Volumes), (Quota.VolumeGb, storage.VolumeGb)));
    }

    /// <summary>Limits without what is used of them; those that the cloud does not have (-1) are left out.</summary>
    internal static Quota Without(Quota used, params ReadOnlySpan<(string Resource, long? Most)> limits)
    {
        var left = new List<(string, long)>();
        foreach (var (resource, most) in limits)
        {
            if (most is { } limit and >= 0)
            {
                left.Add((resource, Math.Max(0, limit - used.Amounts.GetValueOrDefault(resource))));
            }
        }

        return Quota.Of([.. left]);
    }

    private static bool IsOurs(OpenStackCloud cloud, VolumeEntry volume) =>
        volume.Metadata?.GetValueOrDefault(Core.Providers.NodeMetadata.ProviderName) == cloud.Provider;
}
