using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Static;

/// <summary>
/// Hosts that exist already. Their nodes are kept by the launcher, record by record; there is nothing to launch or to delete, and nothing is remembered
/// here.
/// </summary>
internal sealed class StaticProvider(HostCheck check) : IProvider, IStandingProvider
{
    public ValueTask<ValueList<string>> CheckAsync(MachineConfig machine, CancellationToken ct) => check.RunAsync(machine, ct);

    public ValueTask<LaunchProgress> AdvanceLaunchAsync(LaunchOrder order, LaunchProgress progress, CancellationToken ct) =>
        throw new ProviderException(ProviderFault.Rejected, $"nodes of pool {order.Pool.Name} are hosts that exist: none can be launched");

    /// <summary>The slot is free with the end of the record.</summary>
    public ValueTask<DeleteProgress> AdvanceDeleteAsync(DeleteOrder order, CancellationToken ct) => new(DeleteProgress.Gone);

    public IAsyncEnumerable<CloudResource> ListResourcesAsync(CancellationToken ct) => AsyncEnumerable.Empty<CloudResource>();

    public ValueTask DeleteResourceAsync(CloudResource resource, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>Slots in all and per label, so that a request is not taken that its label's hosts can never serve together.</summary>
    public ValueTask<Quota> GetLimitsAsync(ProviderConfig section, CancellationToken ct)
    {
        var hosts = section.Pools.SelectMany(pool => pool.Machines).ToList();
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
}
