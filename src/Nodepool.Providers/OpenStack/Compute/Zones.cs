using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Availability zones: which there are, and the one of a node.</summary>
internal sealed class Zones : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ICloudApi _api;
    private readonly Remembered<ValueList<string>> _all;

    public Zones(ICloudApi api, TimeProvider time)
    {
        _api = api;
        _all = new Remembered<ValueList<string>>(ListAsync, Lifetime, time);
    }

    /// <summary>Those of which one is to be chosen for a pool: those of its section, else all that are available; none where there is only one.</summary>
    public async ValueTask<ValueList<string>> OfAsync(PoolConfig pool, CancellationToken ct)
    {
        if ((pool.Options as OpenStackPoolOptions)?.AvailabilityZones is { Count: > 0 } configured)
        {
            return configured;
        }

        var all = await _all.GetAsync(ct);
        return all.Count < 2 ? [] : all;
    }

    /// <summary>The zone for a node; null leaves it to Nova, which is right where there is only one.</summary>
    public async ValueTask<string?> ChooseAsync(LaunchOrder order, CancellationToken ct)
    {
        var zones = await OfAsync(order.Pool, ct);
        return zones.Count == 0 ? null : order.Az is { } wanted && zones.Contains(wanted) ? wanted : Pick(zones, order);
    }

    /// <inheritdoc/>
    public void Dispose() => _all.Dispose();

    /// <summary>For a launch that was ordered when the zones were not known, or are others now. The same for each node of a request, in whichever process.</summary>
    private static string Pick(ValueList<string> zones, LaunchOrder order) =>
        zones[(int)(StableHash.Of(order.RequestId ?? order.NodeId) % (ulong)zones.Count)];

    private async ValueTask<ValueList<string>> ListAsync(CancellationToken ct)
    {
        var answer = (await _api.SendAsync(CloudCall.Get(CloudService.Compute, "os-availability-zone"), ct)).Read(ComputeJson.Default.ZonesAnswer);
        return [.. answer.AvailabilityZoneInfo.Where(zone => zone.ZoneState?.Available ?? true).Select(zone => zone.ZoneName).Order(StringComparer.Ordinal)];
    }
}
