using Microsoft.Extensions.Logging;
using Nodepool.Core.Collections;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Governing;

/// <summary>
/// Learns from every launch of a pool what its cloud can take, label by label and zone by zone, and tells the planner how many more launches may begin
/// (decision 0017). It lives in the memory of the launcher that runs the pool: whoever gets the pool next learns anew, with no limit at first. Thread-safe.
/// </summary>
/// <param name="key">The pool.</param>
/// <param name="sources">Time and chance.</param>
/// <param name="logger">Told when a breaker opens or closes.</param>
internal sealed partial class LaunchGovernor(PoolKey key, Sources sources, ILogger logger)
{
    /// <summary>Failures in a row of whichever labels that stop all: more than a label has before it is stopped itself.</summary>
    private const int FailuresOfManyLabels = 8;

    /// <summary>A launch that takes so many times longer than the patience for it counts as a failure, though it goes on.</summary>
    private const double Hanging = 2;

    private const string EveryLabel = "all labels";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, LaunchLane> _lanes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ZoneHealth> _zones = new(StringComparer.Ordinal);
    private readonly HashSet<string> _late = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hanging = new(StringComparer.Ordinal);

    /// <summary>Whether the cloud takes calls.</summary>
    private readonly CircuitBreaker _calls = new(LaunchLane.FailuresInARow);

    /// <summary>
    /// Launches of all labels: where there are many, none of them alone has enough to learn from. What a label's own lane holds back already does not count here, or one bad
    /// image would be the trouble of all; nor does a refusal, which is about a flavor or an image.
    /// </summary>
    private readonly LaunchLane _launches = new(FailuresOfManyLabels);
    private TimeSpan _launchTimeout;
    private bool _isOn;
    private double? _nextLook;
    private double _wellSince;

    /// <summary>When the next pass is due although nothing changes; null: it is not.</summary>
    public TimeSpan? NextLook
    {
        get
        {
            lock (_lock)
            {
                return _nextLook is { } at ? TimeSpan.FromSeconds(Math.Max(0.05, at - sources.UnixNow)) : null;
            }
        }
    }

    /// <summary>Looks at the launches that are under way, and says what may be launched besides.</summary>
    /// <param name="view">All records.</param>
    /// <param name="setup">The pool's configuration.</param>
    /// <returns>By label, and for all together; empty when the pool is not governed.</returns>
    public ValueMap<LaneTerms> Look(ClusterView view, PoolSetup setup)
    {
        var launching = view.Nodes.ActiveIn(key).Select(id => view.Nodes.ById[id])
            .Where(node => node.Record is { State: NodeState.Building, Launch: not null, Type.Count: > 0 }).ToList();
        lock (_lock)
        {
            _nextLook = null;
            _isOn = setup.IsGoverned;
            if (!_isOn)
            {
                return ValueMap<LaneTerms>.Empty;
            }

            _launchTimeout = setup.Provider.LaunchTimeout;
            Learn(view, setup);
            CountInFlight(launching);
            foreach (var node in launching)
            {
                LookAt(node);
            }

            _late.IntersectWith(launching.Select(node => node.Id));
            _hanging.IntersectWith(_late);
            foreach (var breaker in _lanes.Values.Append(_launches).Select(lane => lane.Breaker).Append(_calls).Where(breaker => breaker.ProbeAt is not null))
            {
                LookAgain(breaker.ProbeAt!.Value);
                LookAgain(breaker.OpenSince!.Value + HandOver.Blip.TotalSeconds);
            }

            return new ValueMap<LaneTerms>(
            [
                new(LaneTerms.All, TermsOfAll()),
                .. setup.Pool.Labels.Select(label => KeyValuePair.Create(label.Name, Terms(label.Name))),
            ]);
        }
    }

    /// <summary>The cloud took a call.</summary>
    public void Answered()
    {
        lock (_lock)
        {
            if (_calls.Succeeded())
            {
                Closed(EveryLabel);
            }
        }
    }

    /// <summary>The cloud did not take a call.</summary>
    /// <param name="fault">What it said.</param>
    /// <param name="reason">The same for people.</param>
    /// <param name="begun">When the attempt was begun, Unix seconds.</param>
    public void Refused(ProviderFault fault, string reason, double begun)
    {
        lock (_lock)
        {
            if (fault == ProviderFault.Unavailable && _calls.Failed(reason, isRefusal: false, begun, sources.UnixNow, sources.Random.NextDouble()))
            {
                LogOpened(logger, key, EveryLabel, reason);
            }
        }
    }

    /// <summary>A node has become ready.</summary>
    /// <param name="id">The node.</param>
    /// <param name="label">Its label.</param>
    /// <param name="zone">Its zone; null when it is not known.</param>
    /// <param name="begun">When the attempt was begun, Unix seconds.</param>
    public void Succeeded(string id, string label, string? zone, double begun)
    {
        lock (_lock)
        {
            var (now, lane) = (sources.UnixNow, Of(label));
            var seconds = now - begun;
            if (lane.Succeeded(now))
            {
                Closed(label);
            }

            if (_launches.Succeeded(now))
            {
                Closed(EveryLabel);
            }

            // How long one took that an outage held up, or a zone that is left alone, is not what others will take.
            if (begun >= _wellSince && !(zone is not null && ZonesOf(label).IsBad(zone)))
            {
                lane.Times.Add(seconds, now);
                if (!_late.Contains(id))
                {
                    lane.Punctuality.Judge(seconds > lane.Patience(_launchTimeout), lane.InFlight, begun, now);
                }
            }

            if (zone is not null)
            {
                ZonesOf(label).Succeeded(zone, seconds);
            }
        }
    }

    /// <summary>An attempt has failed.</summary>
    /// <param name="label">Its label.</param>
    /// <param name="zone">Its zone; null when it is not known.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="isRefusal">The cloud would do the same however often it were asked.</param>
    /// <param name="begun">When the attempt was begun, Unix seconds.</param>
    public void Failed(string label, string? zone, string reason, bool isRefusal, double begun)
    {
        lock (_lock)
        {
            var lane = Of(label);
            if (lane.Failed(reason, isRefusal, begun, sources.UnixNow, sources.Random.NextDouble()))
            {
                LogOpened(logger, key, label, reason);
            }

            if (!isRefusal && (lane.IsFree || _launches.Breaker.OpenSince is not null)
                && _launches.Failed(reason, isRefusal: false, begun, sources.UnixNow, sources.Random.NextDouble()))
            {
                LogOpened(logger, key, EveryLabel, reason);
            }

            if (zone is not null)
            {
                ZonesOf(label).Failed(zone);
            }
        }
    }

    /// <summary>The cloud takes no calls: few launches ask it still whether it does again.</summary>
    public bool IsSilent
    {
        get
        {
            lock (_lock)
            {
                return _isOn && _calls.OpenSince is not null;
            }
        }
    }

    /// <summary>Launches of a label fail altogether: another attempt would be one too many.</summary>
    public bool IsOpen(string label)
    {
        lock (_lock)
        {
            return _isOn && new[] { _calls, _launches.Breaker, Of(label).Breaker }.Any(breaker => breaker.OpenSince is not null);
        }
    }

    /// <summary>Launches of a label fare badly in an availability zone.</summary>
    public bool IsBad(string label, string zone)
    {
        lock (_lock)
        {
            return _isOn && _zones.TryGetValue(label, out var zones) && zones.IsBad(zone);
        }
    }

    private LaneTerms TermsOfAll()
    {
        var terms = _launches.Terms(patience: null, sources.UnixNow);
        return _calls.OpenSince is null ? terms : terms with { OpenSince = _calls.OpenSince, TrippedAt = _calls.TrippedAt, ProbeAt = _calls.ProbeAt, Failure = _calls.Failure };
    }

    private LaneTerms Terms(string label)
    {
        var lane = Of(label);
        var terms = lane.Terms(lane.Patience(_launchTimeout), sources.UnixNow);
        if (!_zones.TryGetValue(label, out var zones))
        {
            return terms;
        }

        var (avoided, probed) = zones.Look(sources.UnixNow);
        return terms with { AvoidedZones = avoided, ProbedZone = probed };
    }

    /// <summary>Nodes that are ready tell how long their launches took: whoever has just got the pool is not quite blind.</summary>
    private void Learn(ClusterView view, PoolSetup setup)
    {
        foreach (var label in setup.Pool.Labels.Where(label => !_lanes.ContainsKey(label.Name)))
        {
            var ready = view.Nodes.In(key).Select(id => view.Nodes.ById[id].Record)
                .Where(node => node is { State: NodeState.Ready, Launch: { Attempt: 1 } } && node.Type.Contains(label.Name));
            foreach (var node in ready)
            {
                Of(label.Name).Times.Add(node!.StateTime - node.CreatedTime, node.StateTime);
            }
        }
    }

    private void CountInFlight(List<NodeView> launching)
    {
        _launches.InFlight = launching.Count;
        foreach (var (label, lane) in _lanes)
        {
            lane.InFlight = launching.Count(node => node.Record!.Type[0] == label);
        }
    }

    /// <summary>A launch that is late says so before it ends, and one that hangs is a failure before its time limit says so.</summary>
    private void LookAt(NodeView node)
    {
        var (record, label, now) = (node.Record!, node.Record!.Type[0], sources.UnixNow);
        var (lane, zones) = (Of(label), ZonesOf(label));
        if (record.Az is { } zone)
        {
            zones.Began(zone, record.CreatedTime);
        }

        var patience = lane.Patience(_launchTimeout);
        var begun = record.Launch!.Deadline - _launchTimeout.TotalSeconds;
        LookAgain(record.CreatedTime + patience);
        LookAgain(begun + patience);
        LookAgain(begun + (Hanging * patience));
        if (begun < _wellSince || _calls.OpenSince is not null)
        {
            return;
        }

        if (now >= begun + patience && _late.Add(node.Id))
        {
            if (record.Az is null || !zones.IsBad(record.Az))
            {
                lane.Punctuality.Judge(isLate: true, lane.InFlight, begun, now);
            }

            if (record.Az is not null)
            {
                zones.Took(record.Az, now - begun);
            }
        }

        if (now >= begun + (Hanging * patience) && _hanging.Add(node.Id))
        {
            Failed(label, record.Az, $"node {node.Id} is being launched for {now - begun:0} s; others took less than {patience:0} s", isRefusal: false, begun);
        }
    }

    /// <summary>Launches work again.</summary>
    private void Closed(string label)
    {
        _wellSince = sources.UnixNow;
        LogClosed(logger, key, label);
    }

    private void LookAgain(double at)
    {
        if (at > sources.UnixNow && (_nextLook is null || at < _nextLook))
        {
            _nextLook = at;
        }
    }

    private LaunchLane Of(string label)
    {
        if (!_lanes.TryGetValue(label, out var lane))
        {
            _lanes[label] = lane = new LaunchLane();
        }

        return lane;
    }

    private ZoneHealth ZonesOf(string label)
    {
        if (!_zones.TryGetValue(label, out var zones))
        {
            _zones[label] = zones = new ZoneHealth();
        }

        return zones;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pool {Pool}: launches of {Label} fail altogether, its breaker is open: {Reason}")]
    private static partial void LogOpened(ILogger logger, PoolKey pool, string label, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Pool {Pool}: launches of {Label} work again, its breaker is closed")]
    private static partial void LogClosed(ILogger logger, PoolKey pool, string label);
}
