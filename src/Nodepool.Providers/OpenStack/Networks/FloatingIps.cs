using System.Net;
using Microsoft.Extensions.Logging;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Compute;

namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>
/// Gives servers floating IPs. One that the project has and nobody uses is taken first, else one is made; ours bear a <see cref="FloatingIpMark"/>,
/// by which one whose answer was lost is found again, and which goes with its node.
/// </summary>
internal sealed partial class FloatingIps(ICloudApi api, CloudNetworks networks, NeutronLists lists, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>One at a time: two servers must not take the same free address.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Whether a server gets one: it is wanted, the cloud has them, and nothing else leads to the server.</summary>
    public async ValueTask<bool> IsWantedAsync(LaunchOrder order, ServerEntry server, CancellationToken ct)
    {
        if (order.Pool.Options is OpenStackPoolOptions { AutoFloatingIp: false })
        {
            return false;
        }

        var access = await api.GetAccessAsync(ct);
        if (access.PrefersPrivate || access.FloatingIpSource != FloatingIpSource.Neutron)
        {
            return false;
        }

        var addresses = ServerAddresses.Of(server, await networks.AllAsync(ct), access);
        return addresses is { PublicIPv4: null, PrivateIPv4: not null } && await networks.FloatingSourceAsync(ct) is not null;
    }

    /// <summary>Sees to it that a server has a floating IP.</summary>
    /// <returns>The address; null when it has to be tried again in a moment.</returns>
    public async ValueTask<string?> GiveAsync(FloatingIpMark mark, ServerEntry server, LaunchAttempt attempt, CancellationToken ct)
    {
        // Both at the same time: each may have to wait for its step.
        var portListing = lists.Ports.NextAsync(ct).AsTask();
        var addressListing = lists.FloatingIps.NextAsync(ct).AsTask();
        await Task.WhenAll(portListing, addressListing);
        var (ports, addresses) = (await portListing, await addressListing);
        if (await PortOfAsync(server, ports.Items, ct) is not { } port)
        {
            return null;
        }

        if (addresses.Items.FirstOrDefault(address => address.PortId == port.Id) is { } attached)
        {
            return attached.FloatingIpAddress;
        }

        if (addresses.Items.FirstOrDefault(address => address.Mark == mark) is { } found)
        {
            attempt.FloatingIpId = found.Id;
            return await AttachAsync(found.Id, port, ct);
        }

        if (attempt.FloatingIpOrdered is { } ordered && time.GetElapsedTime(ordered, addresses.Begun) < LaunchAttempts.Settling)
        {
            // It may have been made all the same and not be listed yet.
            return null;
        }

        await _turn.WaitAsync(ct);
        try
        {
            var source = await networks.FloatingSourceAsync(ct);
            var free = addresses.Items.FirstOrDefault(address =>
                address is { PortId: null, Mark: null } && address.FloatingNetworkId == source?.Id && string.IsNullOrEmpty(address.Description) && !_taken.Contains(address.Id));
            if (free is not null)
            {
                _taken.Add(free.Id);
                return await AttachAsync(free.Id, port, ct);
            }
        }
        finally
        {
            _turn.Release();
        }

        return await MakeAsync(mark, port, attempt, ct);
    }

    /// <summary>Whether nodes may have floating IPs here at all.</summary>
    public async ValueTask<bool> ArePossibleAsync(CancellationToken ct) => await networks.FloatingSourceAsync(ct) is not null;

    /// <summary>Deletes those that were made for a node.</summary>
    /// <param name="order">The node.</param>
    /// <param name="provider">Name of its provider section.</param>
    /// <param name="attempt">What is known of its launch; null: nothing.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>False when one that was ordered may still show up.</returns>
    public async ValueTask<bool> TryDeleteOfAsync(DeleteOrder order, string provider, LaunchAttempt? attempt, CancellationToken ct)
    {
        if (attempt is { HasNoFloatingIp: true } || !await ArePossibleAsync(ct))
        {
            return true;
        }

        if (attempt is { FloatingIpId: { } id })
        {
            await DeleteAsync(id, ct);
            return true;
        }

        var listing = await lists.FloatingIps.NextAsync(ct);
        foreach (var address in listing.Items)
        {
            if (address.Mark is { } mark && mark.Provider == provider && mark.NodeId == order.NodeId && (order.Token is null || mark.Token == order.Token))
            {
                await DeleteAsync(address.Id, ct);
            }
        }

        return attempt?.FloatingIpOrdered is not { } ordered || time.GetElapsedTime(ordered, listing.Begun) >= LaunchAttempts.Settling;
    }

    /// <summary>Deletes one; not found is success.</summary>
    public async ValueTask DeleteAsync(string id, CancellationToken ct) =>
        await api.SendAsync(CloudCall.Delete(CloudService.Network, $"floatingips/{Uri.EscapeDataString(id)}") with { Expected = [HttpStatusCode.NotFound] }, ct);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async ValueTask<string?> MakeAsync(FloatingIpMark mark, (string Id, string Address) port, LaunchAttempt attempt, CancellationToken ct)
    {
        if (await networks.FloatingSourceAsync(ct) is not { } source)
        {
            return null;
        }

        var wanted = new FloatingIpOrder(new() { FloatingNetworkId = source.Id, PortId = port.Id, FixedIpAddress = port.Address, Description = mark.ToString() });
        var call = CloudCall.Post(CloudService.Network, "floatingips", wanted, NetworkJson.Default.FloatingIpOrder) with { Priority = CallPriority.First };
        attempt.FloatingIpOrdered = time.GetTimestamp();
        try
        {
            var made = (await api.SendAsync(call, ct)).Read(NetworkJson.Default.FloatingIpAnswer).FloatingIp;
            attempt.FloatingIpId = made.Id;
            return made.FloatingIpAddress;
        }
        catch (ProviderException e) when (e.Fault == ProviderFault.NotFound)
        {
            throw new ProviderException(
                ProviderFault.Rejected, $"{e.Message}; if no router leads from the servers' network to '{source.Name}', say 'auto-floating-ip: no' in the pool or 'floating_ip_source: None' in clouds.yaml", e);
        }
        catch (ProviderException e) when (e.Fault != ProviderFault.Unavailable)
        {
            attempt.FloatingIpOrdered = null;
            throw;
        }
    }

    private async ValueTask<string?> AttachAsync(string id, (string Id, string Address) port, CancellationToken ct)
    {
        var wanted = new FloatingIpOrder(new() { PortId = port.Id, FixedIpAddress = port.Address });
        var call = CloudCall.Put(CloudService.Network, $"floatingips/{Uri.EscapeDataString(id)}", wanted, NetworkJson.Default.FloatingIpOrder) with
        {
            Priority = CallPriority.First,
            Expected = [HttpStatusCode.NotFound, HttpStatusCode.Conflict],
        };
        var answer = await api.SendAsync(call, ct);
        if (answer.IsSuccess)
        {
            return answer.Read(NetworkJson.Default.FloatingIpAnswer).FloatingIp.FloatingIpAddress;
        }

        LogLostRace(logger, id, answer.Message);
        return null;
    }

    /// <summary>The port of a server that a floating IP is to lead to.</summary>
    private async ValueTask<(string Id, string Address)?> PortOfAsync(ServerEntry server, IReadOnlyList<PortEntry> ports, CancellationToken ct)
    {
        var access = await api.GetAccessAsync(ct);
        var all = await networks.AllAsync(ct);
        var named = access.Networks.FirstOrDefault(network => network.IsNatDestination);
        var destination = named is null ? null : all.FirstOrDefault(network => network.Id == named.Name || network.Name == named.Name);
        var found = (from port in ports
                     where port.DeviceId == server.Id && (destination is null || port.NetworkId == destination.Id)
                     where !all.Any(network => network.Id == port.NetworkId && network.IsExternal)
                     from address in port.FixedIps ?? []
                     where address.IpAddress.Contains('.', StringComparison.Ordinal)
                     orderby port.Id
                     select (port.Id, address.IpAddress)).ToList();
        return found.Count > 0 ? found[0] : null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Floating IP {Id} was taken by somebody else in the same moment, another is tried: {Reason}")]
    private static partial void LogLostRace(ILogger logger, string id, string reason);
}
