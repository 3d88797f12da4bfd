using System.Runtime.CompilerServices;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Compute;
using Nodepool.Providers.OpenStack.Networks;
using Nodepool.Providers.OpenStack.Volumes;

namespace Nodepool.Providers.OpenStack.Leaks;

/// <summary>
/// Everything in the project that can be a leak of ours, with metadata that says whose it is. What has no metadata of its own and is to go
/// is given our name and a token that no launch has: the launcher then takes it for a leak, at its second sighting.
/// </summary>
/// <param name="cloud">The cloud.</param>
/// <param name="options">What shall be looked for.</param>
internal sealed class CloudInventory(OpenStackCloud cloud, OpenStackOptions options)
{
    internal const string FloatingIpType = "floating_ip";
    internal const string PortType = "port";
    internal const string VolumeType = "volume";

    private readonly DownPorts _downPorts = new(options.PortCleanupInterval, cloud.Time);

    /// <summary>Servers, images, volumes, floating IPs and ports.</summary>
    public async IAsyncEnumerable<CloudResource> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var hasNetwork = await cloud.Api.HasAsync(Access.CloudService.Network, ct);
        IReadOnlyList<PortEntry> ports = hasNetwork && options.PortCleanupInterval > TimeSpan.Zero ? (await cloud.Neutron.Ports.NextAsync(ct)).Items : [];
        IReadOnlyList<VolumeEntry> volumes = await cloud.Volumes.AreUsedAsync(ct) ? (await cloud.Volumes.All.NextAsync(ct)).Items : [];
        var floatingIps = await cloud.FloatingIps.ArePossibleAsync(ct) ? (await cloud.Neutron.FloatingIps.NextAsync(ct)).Items : [];

        // Last: what belongs to a server that is not in it belongs to none.
        var servers = (await cloud.Servers.All.NextAsync(ct)).Items;
        var access = await cloud.Api.GetAccessAsync(ct);
        var networks = await cloud.Networks.AllAsync(ct);
        foreach (var server in servers)
        {
            yield return new CloudResource(CloudResource.InstanceType, server.Id, ServerMetadata.Read(server.Metadata), cloud.Flavors.CostOf(server))
            {
                Name = server.Name,
                Address = ServerAddresses.Of(server, networks, access).Interface,
                IsRunning = server.IsRunning,
            };
        }

        await foreach (var image in cloud.Glance.ListAsync(ct))
        {
            yield return image;
        }

        // Those that servers have go with their servers.
        foreach (var volume in volumes.Where(volume => volume.Attachments is not { Count: > 0 }))
        {
            yield return new CloudResource(VolumeType, volume.Id, ServerMetadata.Read(volume.Metadata), Quota.Of((Quota.Volumes, 1), (Quota.VolumeGb, volume.Size))) { Name = volume.Name };
        }

        foreach (var address in floatingIps.Where(address => address.PortId is null))
        {
            if (MetadataOf(address) is { } metadata)
            {
                yield return new CloudResource(FloatingIpType, address.Id, metadata, Quota.Zero) { Address = address.FloatingIpAddress };
            }
        }

        foreach (var port in _downPorts.Look(ports, servers))
        {
            yield return new CloudResource(PortType, port.Id, Unowned(port.Id), Quota.Zero) { Name = port.Name };
        }
    }

    private ValueMap<string>? MetadataOf(FloatingIpEntry address) => address.Mark is { } mark
        ? new ValueMap<string>([new(NodeMetadata.ProviderName, mark.Provider), new(NodeMetadata.NodeId, mark.NodeId), new(NodeMetadata.Token, mark.Token)])
        : options.CleanFloatingIps ? Unowned(address.Id) : null;

    private ValueMap<string> Unowned(string id) => new([new(NodeMetadata.ProviderName, cloud.Provider), new(NodeMetadata.Token, "left-" + id)]);
}
