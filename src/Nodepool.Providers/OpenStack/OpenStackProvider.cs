using System.Net;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Compute;
using Nodepool.Providers.OpenStack.Leaks;
using Nodepool.Providers.OpenStack.Quotas;

namespace Nodepool.Providers.OpenStack;

/// <summary>A provider on an OpenStack cloud.</summary>
internal sealed class OpenStackProvider : IProvider, IImageProvider, IConsoleProvider, IZonedProvider
{
    private readonly OpenStackOptions _options;
    private readonly OpenStackCloud _cloud;
    private readonly ServerLaunch _launch;
    private readonly ServerDeletion _deletion;
    private readonly CloudInventory _inventory;

    /// <summary>Opens it; nothing is asked of the cloud.</summary>
    public OpenStackProvider(ProviderConfig config, ICloudApi api, DriverContext context)
    {
        _options = (OpenStackOptions)config.Options!;
        _cloud = new OpenStackCloud(config, api, context);
        _launch = new ServerLaunch(_cloud);
        _deletion = new ServerDeletion(_cloud);
        _inventory = new CloudInventory(_cloud, _options);
    }

    /// <inheritdoc/>
    public ValueTask<LaunchProgress> AdvanceLaunchAsync(LaunchOrder order, LaunchProgress progress, CancellationToken ct) => _launch.AdvanceAsync(order, progress, ct);

    /// <inheritdoc/>
    public ValueTask<DeleteProgress> AdvanceDeleteAsync(DeleteOrder order, CancellationToken ct) => _deletion.AdvanceAsync(order, ct);

    /// <inheritdoc/>
    public IAsyncEnumerable<CloudResource> ListResourcesAsync(CancellationToken ct) => _inventory.ListAsync(ct);

    /// <inheritdoc/>
    public async ValueTask DeleteResourceAsync(CloudResource resource, CancellationToken ct)
    {
        switch (resource.Type)
        {
            case CloudResource.InstanceType:
                await _cloud.Servers.DeleteAsync(resource.ExternalId, ct);
                break;
            case CloudResource.ImageType:
                await _cloud.Glance.DeleteAsync(resource.ExternalId, ct);
                break;
            case CloudInventory.FloatingIpType:
                await _cloud.FloatingIps.DeleteAsync(resource.ExternalId, ct);
                break;
            case CloudInventory.VolumeType:
                await _cloud.Volumes.DeleteAsync(resource.ExternalId, ct);
                break;
            case CloudInventory.PortType:
                await _cloud.Api.SendAsync(
                    CloudCall.Delete(CloudService.Network, $"ports/{Uri.EscapeDataString(resource.ExternalId)}") with { Expected = [HttpStatusCode.NotFound] }, ct);
                break;
            default:
                throw new ProviderException(ProviderFault.Rejected, $"this version does not know how to delete a {resource.Type} of OpenStack ({resource.ExternalId})");
        }
    }

    /// <inheritdoc/>
    public ValueTask<Quota> GetLimitsAsync(ProviderConfig section, CancellationToken ct) => ProjectLimits.ReadAsync(_cloud, section, ct);

    /// <inheritdoc/>
    public Quota GetCost(PoolConfig pool, PoolLabelConfig label)
    {
        if (label.Options is not OpenStackLabelOptions options)
        {
            return Quota.Of((Quota.Instances, 1));
        }

        var cost = _cloud.Flavors.CostOf(options.Flavor);
        return options.BootFromVolume ? cost.Plus(Quota.Of((Quota.Volumes, 1), (Quota.VolumeGb, options.VolumeSize))) : cost;
    }

    /// <inheritdoc/>
    public ValueTask<string> UploadImageAsync(ImageUploadOrder order, IProgress<double> progress, CancellationToken ct) =>
        _cloud.Glance.UploadAsync(order, _options.ImageUploadTimeout, progress, ct);

    /// <inheritdoc/>
    public ValueTask<string?> RecoverImageAsync(ImageUploadOrder order, CancellationToken ct) => _cloud.Glance.RecoverAsync(order, ct);

    /// <inheritdoc/>
    public ValueTask DeleteImageAsync(string externalId, CancellationToken ct) => _cloud.Glance.DeleteAsync(externalId, ct);

    /// <inheritdoc/>
    public ValueTask<string?> GetConsoleLogAsync(string externalId, CancellationToken ct) => _cloud.Servers.ConsoleAsync(externalId, ct);

    /// <inheritdoc/>
    public ValueTask<ValueList<string>> GetZonesAsync(PoolConfig pool, CancellationToken ct) => _cloud.Zones.OfAsync(pool, ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}
