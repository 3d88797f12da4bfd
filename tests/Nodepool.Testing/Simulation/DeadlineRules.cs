using Nodepool.Core.Model;

namespace Nodepool.Testing.Simulation;

/// <summary>A request that has been tried until its deadline ends, whoever is dead or slow at that moment.</summary>
internal sealed class DeadlineRules
{
    /// <summary>A launcher that dies is missed after half a minute, starts again within a minute, and whoever stands still does so for a minute at most; twice all of that.</summary>
    private const double Grace = 600;

    private readonly SimWorld _world;

    public DeadlineRules(SimWorld world)
    {
        _world = world;
        world.MinutePassed += Check;
    }

    private void Check()
    {
        var now = _world.Scheduler.Now.Subtract(DateTimeOffset.UnixEpoch).TotalSeconds;
        foreach (var (id, request) in _world.Model.Requests)
        {
            _world.Require(
                request.State is not (RequestState.Requested or RequestState.Pending) || !(request.LaunchDeadline + Grace < now),
                $"request {id} is still {request.State} {now - request.LaunchDeadline:0} s after its deadline");
        }
    }
}
