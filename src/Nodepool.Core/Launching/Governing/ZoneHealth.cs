using Nodepool.Core.Collections;

namespace Nodepool.Core.Launching.Governing;

/// <summary>How launches of one label fare in each availability zone, and which zones are better left alone for a while. Times are Unix seconds.</summary>
internal sealed class ZoneHealth
{
    private const int FailuresInARow = 3;
    private const int FewestTimes = 3;

    /// <summary>So many times longer than in the fastest zone is too slow.</summary>
    private const double TooSlow = 2.5;

    /// <summary>A zone that is avoided is tried again so often, by one launch.</summary>
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMinutes(2);

    private readonly SortedDictionary<string, Zone> _zones = new(StringComparer.Ordinal);

    /// <summary>A launch went well.</summary>
    public void Succeeded(string zone, double seconds)
    {
        Of(zone).Failures = 0;
        Took(zone, seconds);
    }

    /// <summary>A launch took so long, or has taken so long until now.</summary>
    public void Took(string zone, double seconds)
    {
        var times = Of(zone).Times;
        times.Add(seconds, now: 0);

        // What it took long ago must not outweigh what a probe finds now.
        times.KeepNewest(FewestTimes);
    }

    /// <summary>Whether launches fail there, or take much longer than elsewhere.</summary>
    public bool IsBad(string zone) => _zones.TryGetValue(zone, out var known) && IsBad(known, Fastest());

    /// <summary>An attempt failed.</summary>
    public void Failed(string zone) => Of(zone).Failures++;

    /// <summary>A launch is under way.</summary>
    /// <param name="zone">Where.</param>
    /// <param name="begun">When its node was ordered.</param>
    public void Began(string zone, double begun)
    {
        if (_zones.TryGetValue(zone, out var known) && known.ProbeAt <= begun)
        {
            known.ProbeAt = begun + BetweenProbes.TotalSeconds;
        }
    }

    /// <summary>Zones to avoid now, and the one of them that the next launch is to try; none where all that are known are bad.</summary>
    public (ValueList<string> Avoided, string? Probed) Look(double now)
    {
        var fastest = Fastest();
        var avoided = _zones.Where(pair => IsBad(pair.Value, fastest)).ToList();
        foreach (var (_, zone) in _zones)
        {
            zone.ProbeAt = !IsBad(zone, fastest) ? null : zone.ProbeAt ?? now + BetweenProbes.TotalSeconds;
        }

        return avoided.Count == _zones.Count ? ([], null)
            : (avoided.Select(pair => pair.Key).ToValueList(), avoided.Where(pair => pair.Value.ProbeAt <= now).Select(pair => pair.Key).FirstOrDefault());
    }

    private double Fastest() => _zones.Values.Where(zone => zone.Times.Count >= FewestTimes && zone.Failures < FailuresInARow)
        .Select(zone => zone.Times.Quantile(0.5)).DefaultIfEmpty(double.PositiveInfinity).Min();

    private static bool IsBad(Zone zone, double fastest) =>
        zone.Failures >= FailuresInARow || (zone.Times.Count >= FewestTimes && zone.Times.Quantile(0.5) > TooSlow * fastest);

    private Zone Of(string name)
    {
        if (!_zones.TryGetValue(name, out var zone))
        {
            _zones[name] = zone = new Zone();
        }

        return zone;
    }

    private sealed class Zone
    {
        public LaunchTimes Times { get; } = new();

        public int Failures { get; set; }

        public double? ProbeAt { get; set; }
    }
}
