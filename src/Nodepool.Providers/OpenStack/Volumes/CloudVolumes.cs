using System.Net;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Compute;
using Nodepool.Providers.OpenStack.Listing;

namespace Nodepool.Providers.OpenStack.Volumes;

/// <summary>
/// The volumes that nodes boot from. Nova makes and deletes them, without a mark of anybody's; so they get our metadata once the server runs,
/// and what Nova leaves behind can be found. A provider none of whose labels boots from volumes never asks Cinder.
/// </summary>
internal sealed class CloudVolumes : IDisposable
{
    private readonly ICloudApi _api;
    private volatile bool _areUsed;

    public CloudVolumes(ICloudApi api, TimeProvider time, TimeSpan callInterval)
    {
        _api = api;
        All = new SharedListing<VolumeEntry>(ListAsync, time, callInterval);
    }

    /// <summary>All volumes of the project, also those of others.</summary>
    public SharedListing<VolumeEntry> All { get; }

    /// <summary>Learns from a configuration whether nodes may boot from volumes.</summary>
    public void Learn(IEnumerable<PoolLabelConfig> labels) => _areUsed |= labels.Any(label => label.Options is OpenStackLabelOptions { BootFromVolume: true });

    /// <summary>Whether there is anything to ask Cinder.</summary>
    public async ValueTask<bool> AreUsedAsync(CancellationToken ct) => _areUsed && await _api.HasAsync(CloudService.BlockStorage, ct);

    /// <summary>Gives the volumes of a server that runs our metadata.</summary>
    public async ValueTask MarkAsync(ServerEntry server, ValueMap<string> metadata, CancellationToken ct)
    {
        var mark = new VolumeMark(metadata.Where(pair => pair.Key.StartsWith("nodepool_", StringComparison.Ordinal)).ToDictionary());
        foreach (var volume in server.Volumes ?? [])
        {
            await _api.SendAsync(
                CloudCall.Post(CloudService.BlockStorage, $"volumes/{Uri.EscapeDataString(volume.Id)}/metadata", mark, VolumeJson.Default.VolumeMark) with { IsRepeatable = true }, ct);
        }
    }

    /// <summary>Deletes what is left of a node whose server is gone.</summary>
    /// <param name="ids">Ids of volumes that its server had.</param>
    /// <param name="token">Token that they may bear, or null.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>True when nothing is left.</returns>
    public async ValueTask<bool> TryDeleteAsync(IReadOnlySet<string> ids, string? token, CancellationToken ct)
    {
        var left = (await All.NextAsync(ct)).Items
            .Where(volume => ids.Contains(volume.Id) || (token is not null && volume.Metadata?.GetValueOrDefault(NodeMetadata.Token) == token)).ToList();
        foreach (var volume in left.Where(volume => volume.Status is "available" or "error" or "error_deleting"))
        {
            await DeleteAsync(volume.Id, ct);
        }

        return left.Count == 0;
    }

    /// <summary>Asks for a volume's end; not found is success.</summary>
    public async ValueTask DeleteAsync(string id, CancellationToken ct) => await _api.SendAsync(
        CloudCall.Delete(CloudService.BlockStorage, $"volumes/{Uri.EscapeDataString(id)}") with
        {
            Expected = [HttpStatusCode.NotFound],
            OnConflict = ProviderFault.Unavailable,
        },
        ct);

    /// <inheritdoc/>
    public void Dispose() => All.Dispose();

    private async ValueTask<IReadOnlyList<VolumeEntry>> ListAsync(CancellationToken ct)
    {
        var volumes = new List<VolumeEntry>();
        for (CloudCall? call = CloudCall.Get(CloudService.BlockStorage, "volumes/detail"); call is not null;)
        {
            var page = (await _api.SendAsync(call, ct)).Read(VolumeJson.Default.VolumesPage);
            volumes.AddRange(page.Volumes);
            call = PageLink.Next(page.VolumesLinks) is { } next ? call.Following(next) : null;
        }

        return volumes;
    }
}
