using Nodepool.Core.Explaining;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Governing;

/// <summary>What the governor still lets through during one pass. Pure: the governor's terms are a part of the model.</summary>
internal sealed class LaneBudget
{
    private readonly PoolModel _model;
    private readonly double _now;
    private readonly Dictionary<string, int> _inFlight = new(StringComparer.Ordinal);
    private readonly HashSet<string> _probed = new(StringComparer.Ordinal);

    /// <param name="view">All records.</param>
    /// <param name="model">The pool.</param>
    /// <param name="now">Unix seconds.</param>
    public LaneBudget(ClusterView view, PoolModel model, double now)
    {
        (_model, _now) = (model, now);
        if (!model.Lanes.Values.Any(lane => lane.IsOpen || lane.Limit is not null))
        {
            return;
        }

        foreach (var record in view.Nodes.ActiveIn(model.Key).Select(id => view.Nodes.ById[id].Record))
        {
            if (record is { State: NodeState.Building, Type.Count: > 0 })
            {
                Count(record.Type[0], record.CreatedTime);
            }
        }
    }

    /// <summary>Why these launches have to wait; null when they need not.</summary>
    /// <param name="labels">One element per node; at least one.</param>
    public PoolVerdict? Obstacle(IReadOnlyList<string> labels)
    {
        foreach (var (name, lane) in Lanes(labels))
        {
            if (lane.IsOpen && (_now < lane.ProbeAt || _probed.Contains(name)))
            {
                return Open(name, lane);
            }
        }

        foreach (var (name, lane) in Lanes(labels))
        {
            var wanted = name == LaneTerms.All ? labels.Count : labels.Count(label => label == name);
            if (lane.Limit is { } limit && InFlight(name) is > 0 and var flying && flying + wanted > limit)
            {
                return new PoolVerdict(VerdictCode.Governed, SubjectOf(name), new Shortage(QuotaScope.Pool, "launches", wanted, flying, limit));
            }
        }

        return null;
    }

    /// <summary>That a lane is open, for somebody who waits for it; null when none of these is.</summary>
    public PoolVerdict? Outage(IEnumerable<string> labels) =>
        Lanes(labels).Where(pair => pair.Lane.IsOpen).Select(pair => Open(pair.Name, pair.Lane)).FirstOrDefault();

    /// <summary>Takes launches off.</summary>
    public void Spend(IEnumerable<string> labels)
    {
        foreach (var label in labels)
        {
            Count(label, _now);
        }
    }

    private IEnumerable<(string Name, LaneTerms Lane)> Lanes(IEnumerable<string> labels)
    {
        foreach (var name in labels.Distinct(StringComparer.Ordinal).Prepend(LaneTerms.All))
        {
            if (_model.Lanes.TryGetValue(name, out var lane))
            {
                yield return (name, lane);
            }
        }
    }

    private PoolVerdict Open(string name, LaneTerms lane) => new(VerdictCode.BreakerOpen, SubjectOf(name))
    {
        Cause = lane.Failure,
        RetryAfter = _probed.Contains(name) ? null : Math.Max(0, (lane.ProbeAt ?? _now) - _now),
    };

    private void Count(string label, double begun)
    {
        foreach (var name in (ReadOnlySpan<string>)[label, LaneTerms.All])
        {
            _inFlight[name] = InFlight(name) + 1;
            if (_model.Lanes.TryGetValue(name, out var lane) && lane.TrippedAt <= begun)
            {
                _probed.Add(name);
            }
        }
    }

    private int InFlight(string name) => _inFlight.GetValueOrDefault(name);

    private static string? SubjectOf(string name) => name == LaneTerms.All ? null : name;
}
