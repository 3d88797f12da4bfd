using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>Whether nodes may be launched in this pool now.</summary>
internal sealed class LaunchGate(ClusterView view, PoolModel model, PoolBudget budget, PoolCandidates candidates)
{
    private static readonly PoolVerdict NoLaunches = new(VerdictCode.LaunchesOff);
    private static readonly PoolVerdict NoSlot = new(VerdictCode.SlotsInUse);
    private static readonly PoolVerdict MinReadyYields = new(VerdictCode.Yields);

    private readonly PerLabels<string?> _lacking = new(labels => labels.FirstOrDefault(label => !HasImage(view, model, model.Config, label)));
    private bool? _isAwaitedNextDoor;

    /// <summary>What keeps these nodes from being launched now; null when nothing does.</summary>
    /// <param name="request">For whom.</param>
    /// <param name="launches">Labels, one element per node; at least one.</param>
    /// <param name="line">Who waits here.</param>
    /// <param name="outcome">Words a verdict about the line.</param>
    public PoolVerdict? Obstacle(RequestView request, ValueList<string> launches, LaunchLine line, PassOutcome outcome)
    {
        if (model.Config.IsStanding)
        {
            return NoSlot;
        }

        if (!model.Options.Launches)
        {
            return NoLaunches;
        }

        // A missing image is told before the line: it would hold the request up even if everybody before it were served.
        if (_lacking.Of(launches) is { } lacking)
        {
            return new PoolVerdict(VerdictCode.ImageMissing, model.Config.FindLabel(lacking)?.DiskImage);
        }

        if (line.HolderUp(request, launches) is { } first)
        {
            return outcome.Behind(request, first);
        }

        return MustYield(request) ? MinReadyYields : budget.Obstacle(launches);
    }

    /// <summary>Another pool of our provider could launch the nodes of a request, as far as we know it.</summary>
    public bool HasImages(PoolKey pool, RequestView request) =>
        model.Provider.Pools.FirstOrDefault(other => other.Name == pool.Pool) is not { } config || request.Record!.NodeTypes.All(label => HasImage(view, model, config, label));

    private static bool HasImage(ClusterView view, PoolModel model, PoolConfig pool, string label) =>
        pool.FindLabel(label) is { } config
        && (config.DiskImage is null || view.Image(config.DiskImage).NewestReadyUpload(model.Key.Provider) is not null);

    /// <summary>
    /// A neighbour makes room under the provider's limits for somebody's request: min-ready must not take that room, or the two would
    /// launch and evict in turns for ever.
    /// </summary>
    private bool MustYield(RequestView request) => PoolPlanner.IsMinReady(request)
        && (_isAwaitedNextDoor ??= view.OpenRequests.Any(other =>
            !PoolPlanner.IsMinReady(other) && !IsServedHere(other) && candidates.IsAwaitedNextDoor(other)));

    private bool IsServedHere(RequestView request) => view.Nodes.Of(request.Id).Any(id => model.Owns(view.Nodes.ById[id]));
}
