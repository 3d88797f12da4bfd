using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Testing.Clouds;

/// <summary>
/// So many calls a minute, whatever they ask for, and some at once; what is beyond is answered <see cref="ProviderFault.Throttled"/>. The calls that
/// are refused count for half a call: who keeps knocking waits longer.
/// </summary>
/// <param name="perMinute">Calls a minute.</param>
/// <param name="burst">Most calls at once.</param>
public sealed class Throttling(double perMinute, double burst) : ICloudTrouble
{
    private const double CostOfRefusal = 0.5;

    private double _spent;
    private TimeSpan _at;

    /// <inheritdoc/>
    public FakeFate? Meet(CloudCall call)
    {
        _spent = Math.Max(0, _spent - ((call.At - _at).TotalMinutes * perMinute));
        _at = call.At;
        if (_spent + 1 <= burst)
        {
            _spent++;
            return null;
        }

        _spent = Math.Min(burst, _spent + CostOfRefusal);
        return FakeFate.Fails(ProviderFault.Throttled);
    }
}
