using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Compute;
using Nodepool.Providers.OpenStack.Images;
using Nodepool.Providers.OpenStack.Networks;
using Nodepool.Providers.OpenStack.Volumes;

namespace Nodepool.Providers.OpenStack;

/// <summary>One cloud as one provider section sees it: what all who work with it share.</summary>
internal sealed class OpenStackCloud : IAsyncDisposable
{
    /// <summary>Puts the parts together. Nothing is asked of the cloud.</summary>
    /// <param name="config">The provider section.</param>
    /// <param name="api">Where calls go; disposed with this.</param>
    /// <param name="context">What the process has for it.</param>
    public OpenStackCloud(ProviderConfig config, ICloudApi api, DriverContext context)
    {
        var time = context.Sources.Time;
        Provider = config.Name;
        Api = api;
        Time = time;
        Logger = context.Loggers.CreateLogger($"openstack {config.Name}");
        Attempts = new LaunchAttempts(time);
        Servers = new NovaServers(api, time, config.CallInterval);
        Flavors = new Flavors(api, time);
        Zones = new Zones(api, time);
        Images = new BootImages(api, time);
        Networks = new CloudNetworks(api, time);
        Neutron = new NeutronLists(api, time, config.CallInterval);
        FloatingIps = new FloatingIps(api, Networks, Neutron, time, Logger);
        Volumes = new CloudVolumes(api, time, config.CallInterval);
        Metadata = new ServerMetadata(Logger);
        Glance = new GlanceImages(api, context.Sources, Logger);
    }

    /// <summary>Name of the provider section.</summary>
    public string Provider { get; }

    /// <summary>Where calls go.</summary>
    public ICloudApi Api { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Where all of them log.</summary>
    public ILogger Logger { get; }

    /// <summary>What is known of launch attempts.</summary>
    public LaunchAttempts Attempts { get; }

    /// <summary>Servers.</summary>
    public NovaServers Servers { get; }

    /// <summary>Flavors.</summary>
    public Flavors Flavors { get; }

    /// <summary>Availability zones.</summary>
    public Zones Zones { get; }

    /// <summary>Images to boot from.</summary>
    public BootImages Images { get; }

    /// <summary>Images of ours.</summary>
    public GlanceImages Glance { get; }

    /// <summary>Networks.</summary>
    public CloudNetworks Networks { get; }

    /// <summary>Ports and floating IPs.</summary>
    public NeutronLists Neutron { get; }

    /// <summary>Floating IPs of nodes.</summary>
    public FloatingIps FloatingIps { get; }

    /// <summary>Volumes.</summary>
    public CloudVolumes Volumes { get; }

    /// <summary>Metadata of servers.</summary>
    public ServerMetadata Metadata { get; }

    /// <summary>Ids that names were looked up to may be those of things that are gone: look again next time.</summary>
    public void ForgetIds()
    {
        Flavors.Forget();
        Images.Forget();
        Networks.Forget();
    }

    /// <summary>Whether a server was made by this provider.</summary>
    public bool IsOurs(ServerEntry server) => ServerMetadata.Read(server.Metadata).GetValueOrDefault(NodeMetadata.ProviderName) == Provider;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Servers.Dispose();
        Neutron.Dispose();
        FloatingIps.Dispose();
        Volumes.Dispose();
        Flavors.Dispose();
        Zones.Dispose();
        Networks.Dispose();
        await Api.DisposeAsync();
    }
}
