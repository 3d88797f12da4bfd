using Microsoft.Extensions.Logging;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Listing;
using Nodepool.Providers.OpenStack.Networks;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>
/// Launches servers: start → create → boot → done. Nova knows no client tokens, so the token is in the server's metadata, and the stage
/// <c>create</c> is stored before Nova is asked: in <c>start</c> nothing can have been ordered; in <c>create</c>, whoever has not ordered itself
/// looks first whether the server exists.
/// </summary>
internal sealed partial class ServerLaunch(OpenStackCloud cloud)
{
    /// <summary>The server is ordered next, or has been by a process that died.</summary>
    internal const string Create = "create";

    /// <summary>The server exists and becomes active.</summary>
    internal const string Boot = "boot";

    /// <summary>One step, see <see cref="IProvider.AdvanceLaunchAsync"/>.</summary>
    public async ValueTask<LaunchProgress> AdvanceAsync(LaunchOrder order, LaunchProgress progress, CancellationToken ct)
    {
        var attempt = cloud.Attempts.Find(order.Token);
        if (attempt is null)
        {
            if (progress is { Stage: LaunchProgress.Start, ExternalId: null })
            {
                cloud.Attempts.Begin(order.Token);
                return new LaunchProgress(Create);
            }

            attempt = cloud.Attempts.Adopt(order.Token);
        }

        if ((progress.ExternalId ?? attempt.ServerId) is { } id)
        {
            attempt.ServerId = id;
            return await BootAsync(order, id, attempt, ct);
        }

        if (attempt.UncertainSince is { } since && await LookAsync(order, since, attempt, ct) is { } looked)
        {
            return looked;
        }

        return new LaunchProgress(Boot, await CreateAsync(order, attempt, ct));
    }

    /// <summary>Looks for a server that may have been ordered.</summary>
    /// <returns>Null when it certainly was not.</returns>
    private async ValueTask<LaunchProgress?> LookAsync(LaunchOrder order, long since, LaunchAttempt attempt, CancellationToken ct)
    {
        var listing = await cloud.Servers.All.NextAsync(ct);
        if (OfToken(listing, order.Token).FirstOrDefault() is { } found)
        {
            LogFound(cloud.Logger, order.NodeId, found.Id);
            (attempt.ServerId, attempt.UncertainSince) = (found.Id, null);
            return new LaunchProgress(Boot, found.Id);
        }

        if (cloud.Time.GetElapsedTime(since, listing.Begun) < LaunchAttempts.Settling)
        {
            return new LaunchProgress(Create);
        }

        attempt.UncertainSince = null;
        return null;
    }

    private async ValueTask<string> CreateAsync(LaunchOrder order, LaunchAttempt attempt, CancellationToken ct)
    {
        var body = (await ServerOrders.MakeAsync(cloud, order, ct)).ToJson();
        cloud.Volumes.Learn([order.Label]);
        var mayExist = true;
        try
        {
            return attempt.ServerId = await cloud.Servers.CreateAsync(body, ct);
        }
        catch (ProviderException e) when (e.Fault != ProviderFault.Unavailable)
        {
            mayExist = false;
            if (e.Fault is ProviderFault.Rejected or ProviderFault.NotFound)
            {
                cloud.ForgetIds();
            }

            throw;
        }
        finally
        {
            attempt.UncertainSince = attempt.ServerId is null && mayExist ? cloud.Time.GetTimestamp() : null;
        }
    }

    private async ValueTask<LaunchProgress> BootAsync(LaunchOrder order, string id, LaunchAttempt attempt, CancellationToken ct)
    {
        var listing = await cloud.Servers.All.NextAsync(ct);
        await DeleteDoublesAsync(order, id, listing, ct);

        // One that is missing may have been deleted, or this cloud's lists lag behind: the server itself knows.
        var server = listing.Items.FirstOrDefault(each => each.Id == id) ?? await cloud.Servers.FindAsync(id, ct) ?? throw new ProviderException(
            ProviderFault.NotFound, $"{(await cloud.Api.GetAccessAsync(ct)).Title}: compute: server {id} of node {order.NodeId} was deleted while it was launched: launch again");
        if (!server.IsRunning)
        {
            // Some clouds tell the fault only of the server itself.
            var fault = server.Fault ?? (await cloud.Servers.FindAsync(id, ct))?.Fault;
            throw new ProviderException(
                fault?.Meaning ?? ProviderFault.Rejected,
                $"{(await cloud.Api.GetAccessAsync(ct)).Title}: compute: server {id} of node {order.NodeId} ended in {server.Status}: {fault?.Message ?? "Nova does not say why; see its logs"}");
        }

        return server.IsActive ? await FinishAsync(order, server, attempt, ct) : new LaunchProgress(Boot, id);
    }

    private async ValueTask<LaunchProgress> FinishAsync(LaunchOrder order, ServerEntry server, LaunchAttempt attempt, CancellationToken ct)
    {
        string? floating = null;
        if (await cloud.FloatingIps.IsWantedAsync(order, server, ct))
        {
            floating = await cloud.FloatingIps.GiveAsync(new FloatingIpMark(order.Token, order.NodeId, cloud.Provider), server, attempt, ct);
            if (floating is null)
            {
                return new LaunchProgress(Boot, server.Id, WakeAfter: PollingStep.Least);
            }
        }

        var access = await cloud.Api.GetAccessAsync(ct);
        var addresses = ServerAddresses.Of(server, await cloud.Networks.AllAsync(ct), access, floating);
        if (addresses.Interface is not { } address)
        {
            throw new ProviderException(
                ProviderFault.Rejected, $"{access.Title}: compute: server {server.Id} of node {order.NodeId} is active but has no address: attach it to a network ('networks' of the pool or label)");
        }

        if (order.Label.Options is OpenStackLabelOptions { BootFromVolume: true } && await cloud.Volumes.AreUsedAsync(ct))
        {
            await MarkVolumesAsync(order, server, ct);
        }

        attempt.HasNoFloatingIp = floating is null && attempt.FloatingIpOrdered is null
            && !(server.Addresses ?? []).Values.Any(network => network.Any(each => each.IsFloating));
        return new LaunchProgress(Boot, server.Id, new Instance
        {
            ExternalId = server.Id,
            InterfaceIp = address,
            PublicIPv4 = addresses.PublicIPv4,
            PrivateIPv4 = addresses.PrivateIPv4,
            PublicIPv6 = addresses.PublicIPv6,
            Cloud = access.Cloud,
            Region = access.Region,
            Az = string.IsNullOrEmpty(server.Zone) ? null : server.Zone,
            HostId = server.HostId,
        });
    }

    private async ValueTask MarkVolumesAsync(LaunchOrder order, ServerEntry server, CancellationToken ct)
    {
        try
        {
            await cloud.Volumes.MarkAsync(server, order.Metadata, ct);
        }
        catch (ProviderException e) when (e.Fault is ProviderFault.Rejected or ProviderFault.NotFound)
        {
            // No reason to give up a node that runs.
            LogNoMark(cloud.Logger, order.NodeId, e.Message);
        }
    }

    /// <summary>A create that Nova has carried out long after its answer was given up for lost.</summary>
    private async ValueTask DeleteDoublesAsync(LaunchOrder order, string id, Listing<ServerEntry> listing, CancellationToken ct)
    {
        foreach (var other in OfToken(listing, order.Token).Where(other => other.Id != id))
        {
            LogDouble(cloud.Logger, order.NodeId, other.Id, id);
            await cloud.Servers.DeleteAsync(other.Id, ct);
        }
    }

    private IEnumerable<ServerEntry> OfToken(Listing<ServerEntry> listing, string token) =>
        listing.Items.Where(server => server.Metadata?.GetValueOrDefault(NodeMetadata.Token) == token && cloud.IsOurs(server)).OrderBy(server => server.Id, StringComparer.Ordinal);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node}: server {Server} is there, though no answer to its create was seen; the launch goes on with it")]
    private static partial void LogFound(ILogger logger, string node, string server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node}: its volume gets no mark, so that it would not be found if Nova left it behind: {Reason}")]
    private static partial void LogNoMark(ILogger logger, string node, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node}: server {Server} is deleted; it was made for the node a second time, beside {Kept}")]
    private static partial void LogDouble(ILogger logger, string node, string server, string kept);
}
