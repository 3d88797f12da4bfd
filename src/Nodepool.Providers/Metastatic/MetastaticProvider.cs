using System.Globalization;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Backing;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.View;

namespace Nodepool.Providers.Metastatic;

/// <summary>
/// Nodes that are slots of bigger nodes. Which slot is whose, and when bigger nodes are asked for and given back, is decided and stored by the
/// launcher (<see cref="BackingPlanner"/>); a launch waits here until it has a slot and describes it.
/// </summary>
internal sealed class MetastaticProvider(string name, ClusterFeed? feed, Sources sources) : IProvider
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly string _owner = BackingRecord.OwnerOf(name);

    public async ValueTask<LaunchProgress> AdvanceLaunchAsync(LaunchOrder order, LaunchProgress progress, CancellationToken ct)
    {
        if (feed is null)
        {
            throw new ProviderException(ProviderFault.Unavailable, $"nodes of provider {name} are launched by a launcher only");
        }

        using var changed = feed.Subscribe();
        var view = feed.Current;
        if (view.Nodes.ById.GetValueOrDefault(order.NodeId)?.Record is { Place: { } place } node && node.Launch?.Token == order.Token)
        {
            return new("placed", order.NodeId, Describe(view, order, place));
        }

        var stage = progress.Stage == LaunchProgress.Start ? BackingWait.From(sources.UnixNow) : progress.Stage;
        if (order.Label.Backing is { } rule && BackingWait.Disappointment(view, _owner, rule.Label, BackingWait.Since(stage)) is { } failed)
        {
            throw new ProviderException(
                ProviderFault.CapacityUnavailable, $"no pool could provide a node of label {rule.Label} (request {failed.Id}): it has to be served by another provider");
        }

        if (stage == progress.Stage)
        {
            await changed.WaitAsync(LongestWait, ct);
        }

        return new(stage);
    }

    /// <summary>
    /// The slot is free with the end of the record. A slot on which an attempt has failed is not given up before the bigger node is marked, or the
    /// next attempt would be placed there again.
    /// </summary>
    public ValueTask<DeleteProgress> AdvanceDeleteAsync(DeleteOrder order, CancellationToken ct)
    {
        var view = feed?.Current;
        return view?.Nodes.ById.GetValueOrDefault(order.NodeId)?.Record is { State: NodeState.Building, Place: { } place }
            && view.Nodes.ById.GetValueOrDefault(place.BackingNode)?.Record is { State: NodeState.InUse, Backing: { HasFailed: false } backing } && backing.Owner == _owner
            ? new(new DeleteProgress(IsGone: false, BetweenLooks))
            : new(DeleteProgress.Gone);
    }

    /// <summary>Nodes whose bigger node is there.</summary>
    public IAsyncEnumerable<CloudResource> ListResourcesAsync(CancellationToken ct)
    {
        var view = feed?.Current ?? new ClusterView();
        return view.Nodes.OwnedBy(_owner).Where(id => view.Nodes.ById[id].Record!.State is NodeState.InUse or NodeState.Hold)
            .SelectMany(view.Nodes.PlacedOn)
            .Select(id => new CloudResource(CloudResource.InstanceType, id, ValueMap<string>.Empty, view.Nodes.ById[id].Record!.Cost))
            .ToAsyncEnumerable();
    }

    public ValueTask DeleteResourceAsync(CloudResource resource, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>None of its own: the pools of the bigger nodes have theirs.</summary>
    public ValueTask<Quota> GetLimitsAsync(ProviderConfig section, CancellationToken ct) => new(Quota.Unlimited);

    public Quota GetCost(PoolConfig pool, PoolLabelConfig label) => Quota.Of((Quota.Instances, 1));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Instance Describe(ClusterView view, LaunchOrder order, SlotPlace place)
    {
        if (view.Nodes.ById.GetValueOrDefault(place.BackingNode)?.Record is not { State: NodeState.InUse, Backing: { } backing } node || backing.Owner != _owner)
        {
            throw new ProviderException(ProviderFault.CapacityUnavailable, $"node {place.BackingNode}, of which slot {place.Slot.ToString(CultureInfo.InvariantCulture)} was to be used, is gone");
        }

        return new Instance
        {
            ExternalId = order.NodeId,
            InterfaceIp = node.InterfaceIp ?? "",
            ConnectionPort = (int?)node.ConnectionPort.AsNumber(),
            PublicIPv4 = node.PublicIPv4,
            PrivateIPv4 = node.PrivateIPv4,
            PublicIPv6 = node.PublicIPv6,
            Cloud = node.Cloud,
            Region = node.Region,
            Az = node.Az,
            Username = node.Username,
            ConnectionType = node.ConnectionType,
            PythonPath = node.PythonPath,
            ShellType = node.ShellType,
            HostKeys = node.HostKeys,
            Attributes = node.Attributes,
            Slot = place.Slot,
        };
    }
}
