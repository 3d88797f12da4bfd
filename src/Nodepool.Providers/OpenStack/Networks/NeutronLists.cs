using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Listing;

namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>The one listing of all ports and that of all floating IPs of the project; an administrator's answers hold those of other projects too.</summary>
internal sealed class NeutronLists : IDisposable
{
    private readonly ICloudApi _api;

    public NeutronLists(ICloudApi api, TimeProvider time, TimeSpan callInterval)
    {
        _api = api;
        Ports = new SharedListing<PortEntry>(ListPortsAsync, time, callInterval);
        FloatingIps = new SharedListing<FloatingIpEntry>(ListFloatingIpsAsync, time, callInterval);
    }

    /// <summary>All ports of the project.</summary>
    public SharedListing<PortEntry> Ports { get; }

    /// <summary>All floating IPs of the project.</summary>
    public SharedListing<FloatingIpEntry> FloatingIps { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Ports.Dispose();
        FloatingIps.Dispose();
    }

    private async ValueTask<IReadOnlyList<PortEntry>> ListPortsAsync(CancellationToken ct)
    {
        var (project, call) = await FirstAsync("ports", ct);
        var ports = new List<PortEntry>();
        while (call is not null)
        {
            var page = (await _api.SendAsync(call, ct)).Read(NetworkJson.Default.PortsPage);
            ports.AddRange(page.Ports.Where(port => project is null || port.ProjectId is null || port.ProjectId == project));
            call = PageLink.Next(page.PortsLinks) is { } next ? call.Following(next) : null;
        }

        return ports;
    }

    private async ValueTask<IReadOnlyList<FloatingIpEntry>> ListFloatingIpsAsync(CancellationToken ct)
    {
        var (project, call) = await FirstAsync("floatingips", ct);
        var addresses = new List<FloatingIpEntry>();
        while (call is not null)
        {
            var page = (await _api.SendAsync(call, ct)).Read(NetworkJson.Default.FloatingIpsPage);
            addresses.AddRange(page.FloatingIps.Where(address => project is null || address.ProjectId is null || address.ProjectId == project));
            call = PageLink.Next(page.Links) is { } next ? call.Following(next) : null;
        }

        return addresses;
    }

    private async ValueTask<(string? Project, CloudCall? First)> FirstAsync(string kind, CancellationToken ct)
    {
        var project = (await _api.GetAccessAsync(ct)).ProjectId;
        return (project, CloudCall.Get(CloudService.Network, project is null ? kind : $"{kind}?project_id={Uri.EscapeDataString(project)}") with { Priority = CallPriority.First });
    }
}
