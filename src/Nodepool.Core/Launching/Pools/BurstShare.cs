using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// Lets pools of the same rank share a burst. The first that passes would lock all of it, and ask one cloud for everything at once while the others have nothing to do; so requests are left to where
/// fewer nodes are being launched. On the same view no two pools leave a request to each other, and nobody waits long for whoever does not come. Pure.
/// </summary>
/// <param name="view">All records.</param>
/// <param name="model">The pool.</param>
/// <param name="candidates">Who else could serve a request.</param>
/// <param name="outcome">Tells what has been launched here in this pass.</param>
/// <param name="now">Unix seconds.</param>
internal sealed class BurstShare(ClusterView view, PoolModel model, PoolCandidates candidates, PassOutcome outcome, double now)
{
    /// <summary>So many launches are no burst.</summary>
    private const int Few = 4;

    /// <summary>Who takes so many times longer is no help.</summary>
    private const double Slower = 2;

    /// <summary>Whoever has not taken a request by then does not seem to.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(5);

    private readonly Dictionary<PoolKey, int> _launching = [];

    private int Here => LaunchingIn(model.Key) + outcome.Launches;

    /// <summary>Whether so much is being launched here that a request may be left to others.</summary>
    public bool IsBusyFor(RequestView request) => model.Lanes.Count > 0 && request.Record!.Provider is null && !PoolPlanner.IsMinReady(request)
        && now - request.Record.StateTime < Courtesy.TotalSeconds && Here >= Few;

    /// <summary>The pool that a request is left to for a moment; null: it is ours.</summary>
    /// <param name="request">One that needs launches here.</param>
    public ComponentRecord? LeftTo(RequestView request)
    {
        var number = request.Record!.NodeTypes.Count;
        if (candidates.Better(request, (other, labels) => LaunchingIn(KeyOf(other)) + number <= Here && MayTake(other, labels)) is not { } pool)
        {
            return null;
        }

        _launching[new PoolKey(pool.ProviderName!, pool.Name ?? "")] += number;
        return pool;
    }

    /// <summary>By its terms it can begin at once, and is not known to be slower.</summary>
    private bool MayTake(PoolTermsRecord other, ValueList<string> labels)
    {
        var (key, cost) = (KeyOf(other), Quota.Sum(labels.Select(label => other.Labels.TryGetValue(label, out var terms) ? new Quota(terms.Cost) : Quota.Zero)));
        return other.Priority == model.Config.Priority && key.Provider != model.Key.Provider
            && other is { Lanes.Count: > 0, SwitchedOff.Count: 0 } && !(other.ClosedUntil > now) && !view.IsDrained(key.Provider)
            && view.Nodes.UsageOf(key).Plus(cost).FitsIn(new Quota(other.Limits)) && view.Nodes.UsageOf(key.Provider).Plus(cost).FitsIn(new Quota(other.ProviderLimits))
            && (other.MaxConcurrency <= 0 || LaunchingIn(key) + labels.Count <= other.MaxConcurrency)
            && labels.Append(LaneTerms.All).All(name => !other.Lanes.TryGetValue(name, out var lane) || !(LaunchingIn(key) + labels.Count > lane.Limit))
            && labels.All(label => HasImage(other, label) && !IsSlower(other, label));
    }

    private bool HasImage(PoolTermsRecord other, string label) => other.Labels.TryGetValue(label, out var terms)
        && (terms.Image is null || view.Image(terms.Image).NewestReadyUpload(other.Provider) is not null);

    private bool IsSlower(PoolTermsRecord other, string label) =>
        other.Lanes.TryGetValue(label, out var there) && model.Lanes.TryGetValue(label, out var lane) && there.Usual >= Slower * lane.Usual;

    private int LaunchingIn(PoolKey pool)
    {
        if (!_launching.TryGetValue(pool, out var number))
        {
            _launching[pool] = number = view.Nodes.ActiveIn(pool).Count(id => view.Nodes.ById[id].Record?.State == NodeState.Building);
        }

        return number;
    }

    private static PoolKey KeyOf(PoolTermsRecord terms) => new(terms.Provider, terms.Pool);
}
