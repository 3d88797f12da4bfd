using Nodepool.Core.Model;

namespace Nodepool.Testing.Simulation.Days;

/// <summary>What a day was like: how long requests waited, how many launches were for nothing, how much of the room was used. Fed with every change of records.</summary>
internal sealed class DayMeasure
{
    private readonly SimWorld _world;
    private readonly SortedDictionary<string, List<double>> _waits = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _failed = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, DayCloud> _clouds = new(StringComparer.Ordinal);
    private readonly double _begin;

    public DayMeasure(SimWorld world)
    {
        _world = world;
        _begin = Now;
        world.Model.NodeChanged += Node;
        world.Model.RequestChanged += Request;
    }

    private double Now => _world.Scheduler.Now.Subtract(DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>The figures so far.</summary>
    /// <param name="nameOf">What to call the ways of a provider's cloud.</param>
    public DayReport Report(Func<string, string> nameOf) => new(
        _world.Seed,
        TimeSpan.FromSeconds(Now - _begin),
        _world.Tally.ToString(),
        [.. _asked.Select(pair => new DayWait(pair.Key, pair.Value, _failed.GetValueOrDefault(pair.Key), [.. _waits.GetValueOrDefault(pair.Key, []).Order()]))],
        [.. _clouds.Select(pair => pair.Value.Line(pair.Key, nameOf(pair.Key), _world.Clouds[pair.Key].Behaviour.Limits, Now - _begin))]);

    private void Request(string id, NodeRequestRecord? before, NodeRequestRecord? after)
    {
        if ((after ?? before)?.Requestor != DayClient.Requestor)
        {
            return;
        }

        var priority = id[..3];
        if (before is null)
        {
            _asked[priority] = _asked.GetValueOrDefault(priority) + 1;
        }

        if (after is { State: RequestState.Fulfilled } && before?.State != RequestState.Fulfilled)
        {
            if (!_waits.TryGetValue(priority, out var waits))
            {
                _waits[priority] = waits = [];
            }

            waits.Add(Now - after.CreatedTime!.Value);
        }

        if (after is { State: RequestState.Failed } && before?.State != RequestState.Failed)
        {
            _failed[priority] = _failed.GetValueOrDefault(priority) + 1;
        }
    }

    private void Node(string id, NodeRecord? before, NodeRecord? after)
    {
        if ((after ?? before)?.Provider is not { } provider)
        {
            return;
        }

        if (!_clouds.TryGetValue(provider, out var cloud))
        {
            _clouds[provider] = cloud = new DayCloud();
        }

        cloud.Changed(id, before, after, Now);
    }
}
