using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Providers.Static.Slots;

namespace Nodepool.Providers.Static;

/// <summary>
/// Lends existing hosts: a launch claims a free slot of a host that has the label and looks whether the host is well; a deletion frees
/// the slot. Which slot is whose is kept in the provider's directory, so it serves the launchers of one machine.
/// </summary>
internal sealed partial class StaticProvider(SlotClaims claims, HostCheck check, ILogger<StaticProvider> logger) : IProvider
{
    private const string Checking = "checking";

    public async ValueTask<LaunchProgress> AdvanceLaunchAsync(LaunchOrder order, LaunchProgress progress, CancellationToken ct)
    {
        var (claim, host) = await claims.ChangeAsync(all => SlotChoice.Claim(all, order, check), ct);
        try
        {
            var keys = await check.RunAsync(host, ct);
            return new(Checking, claim.ExternalId, Describe(host, claim, keys));
        }
        catch (ProviderException e)
        {
            LogFailure(logger, order.NodeId, e.Message);
            await claims.ChangeAsync(all => all.Remove(claim), ct);

            // The next call tries another host; when there is none left it says why.
            return LaunchProgress.Begin;
        }
    }

    public async ValueTask<DeleteProgress> AdvanceDeleteAsync(DeleteOrder order, CancellationToken ct)
    {
        // The slot may have been claimed anew since: a node frees its own claims only.
        await claims.ChangeAsync(
            all => all.RemoveAll(claim => order.Token is null
                ? claim.NodeId == order.NodeId && claim.ExternalId == order.ExternalId
                : claim.Token == order.Token),
            ct);
        return DeleteProgress.Gone;
    }

    public async IAsyncEnumerable<CloudResource> ListResourcesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var claim in await claims.ReadAsync(ct))
        {
            yield return new(CloudResource.InstanceType, claim.ExternalId, claim.Metadata, Quota.Of((Quota.Instances, 1))) { Name = claim.Host };
        }
    }

    public async ValueTask DeleteResourceAsync(CloudResource resource, CancellationToken ct) => await claims.ChangeAsync(
        all => all.RemoveAll(claim => claim.ExternalId == resource.ExternalId && claim.Metadata.Equals(resource.Metadata)), ct);

    /// <summary>Slots in all and per label, so that a request is not taken that its label's hosts can never serve together.</summary>
    public ValueTask<Quota> GetLimitsAsync(ProviderConfig section, CancellationToken ct)
    {
        var hosts = section.Pools.SelectMany(SlotChoice.Hosts).ToList();
        var limits = new List<KeyValuePair<string, long>> { new(Quota.Instances, hosts.Sum(host => (long)host.Slots)) };
        limits.AddRange(
            from host in hosts
            from label in host.Labels
            group (long)host.Slots by label into slots
            select KeyValuePair.Create(SlotsOf(slots.Key), slots.Sum()));
        return new(new Quota(new ValueMap<long>(limits)));
    }

    public Quota GetCost(PoolConfig pool, PoolLabelConfig label) => Quota.Of((Quota.Instances, 1), (SlotsOf(label.Name), 1));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string SlotsOf(string label) => "slots-" + label;

    private static Instance Describe(StaticHostConfig host, SlotClaim claim, ValueList<string> keys)
    {
        var address = IPAddress.TryParse(host.Name, out var parsed) ? parsed : null;
        return new Instance
        {
            ExternalId = claim.ExternalId,
            InterfaceIp = host.Name,
            PublicIPv4 = address is { AddressFamily: AddressFamily.InterNetworkV6 } ? null : host.Name,
            PublicIPv6 = address is { AddressFamily: AddressFamily.InterNetworkV6 } ? host.Name : null,
            Hostname = host.Name,
            Username = host.Username,
            ConnectionType = host.ConnectionType,
            ConnectionPort = host.ConnectionPort,
            PythonPath = host.PythonPath,
            ShellType = host.ShellType,
            HostKeys = keys,
            Slot = claim.Slot,
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node} needs another host: {Reason}")]
    private static partial void LogFailure(ILogger logger, string node, string reason);
}
