using System.Text;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Chooses availability zones: one for all nodes of a request, spread evenly over requests.</summary>
internal sealed class Zones : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ICloudApi _api;
    private readonly Remembered<IReadOnlyList<string>> _all;

    public Zones(ICloudApi api, TimeProvider time)
    {
        _api = api;
        _all = new Remembered<IReadOnlyList<string>>(ListAsync, Lifetime, time);
    }

    /// <summary>The zone for a node; null leaves it to Nova, which is right where there is only one.</summary>
    public async ValueTask<string?> ChooseAsync(LaunchOrder order, CancellationToken ct)
    {
        IReadOnlyList<string> configured = (order.Pool.Options as OpenStackPoolOptions)?.AvailabilityZones ?? [];
        if (configured.Count > 0)
        {
            return order.Az is { } wanted && configured.Contains(wanted) ? wanted : Pick(configured, order);
        }

        var all = await _all.GetAsync(ct);
        return all.Count < 2 ? null : order.Az is { } together && all.Contains(together) ? together : Pick(all, order);
    }

    /// <inheritdoc/>
    public void Dispose() => _all.Dispose();

    /// <summary>The same for each node of a request, in whichever process.</summary>
    private static string Pick(IReadOnlyList<string> zones, LaunchOrder order)
    {
        var hash = Encoding.UTF8.GetBytes(order.RequestId ?? order.NodeId).Aggregate(2166136261u, (hash, next) => (hash ^ next) * 16777619u);
        return zones[(int)(hash % (uint)zones.Count)];
    }

    private async ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken ct)
    {
        var answer = (await _api.SendAsync(CloudCall.Get(CloudService.Compute, "os-availability-zone"), ct)).Read(ComputeJson.Default.ZonesAnswer);
        return [.. answer.AvailabilityZoneInfo.Where(zone => zone.ZoneState?.Available ?? true).Select(zone => zone.ZoneName).Order(StringComparer.Ordinal)];
    }
}
