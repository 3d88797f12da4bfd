using Nodepool.Core.Collections;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.View;

namespace Nodepool.Core.Explaining;

/// <summary>
/// Says why a request waits, for any process that sees the records: it runs the planner of each pool on the terms that the pool's launcher tells, so the answer
/// is the decision itself and never older than the records (decision 0011). Pure.
/// </summary>
public static class RequestExplainer
{
    /// <summary>Verdicts from the most hopeful to the least.</summary>
    private static readonly VerdictCode[] Hopes =
    [
        VerdictCode.Ready, VerdictCode.Launching, VerdictCode.Accepting, VerdictCode.TakenElsewhere, VerdictCode.Locked, VerdictCode.MaxConcurrency, VerdictCode.Governed, VerdictCode.CloudQuota, VerdictCode.Quota, VerdictCode.SlotsInUse,
        VerdictCode.TenantLimit, VerdictCode.Behind, VerdictCode.Yields, VerdictCode.ReadyUnasked, VerdictCode.BreakerOpen, VerdictCode.ImageMissing, VerdictCode.LaunchesOff, VerdictCode.Draining, VerdictCode.LeftToOthers, VerdictCode.Unknown,
    ];

    /// <summary>Explains a request.</summary>
    /// <param name="view">All records.</param>
    /// <param name="id">Id of the request.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    /// <returns>Null when there is no such request, or its record cannot be understood.</returns>
    public static RequestExplanation? Of(ClusterView view, string id, double unixNow)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (view.Requests.GetValueOrDefault(id) is not { Record: { } record } request)
        {
            return null;
        }

        var order = new WaitingOrder(view, unixNow);
        var progress = RequestProgress.Of(view, null, order, id);
        var explanation = new RequestExplanation(id, record) { Summary = progress.Summary };
        if (!request.IsOpen)
        {
            var reasons = record.DeclineReasons.Select(DeclineReason.Of).OfType<DeclineReason>().Select(Stored).ToValueList();
            return explanation with { Pools = reasons, Summary = record.State == RequestState.Failed && reasons.Count > 0 ? "has failed: no pool could serve it" : explanation.Summary };
        }

        var models = ModelsOf(view, unixNow);
        if (record.State == RequestState.Requested)
        {
            var position = order.PlaceOf(id);
            explanation = explanation with
            {
                Position = position,
                Waiting = order.Requests.Count,
                Summary = view.Pools.Any() ? $"waits, at place {position} of {order.Requests.Count}{Hopeless(view, record)}" : "waits for a launcher: none is running; nodepool launcher starts one",
            };
        }

        var pools = view.Pools.OrderBy(pool => pool.ProviderName, StringComparer.Ordinal).ThenBy(pool => pool.Name, StringComparer.Ordinal)
            .Select(pool => new PoolAnswer(view, request, pool, models.GetValueOrDefault(pool.Id!), unixNow)).ToList();
        return explanation with { Pools = pools.OrderBy(answer => HopeOf(answer.Code)).Select(answer => answer.Explain()).ToValueList() };
    }

    private static int HopeOf(VerdictCode code) => Array.IndexOf(Hopes, code) is >= 0 and var place ? place : Hopes.Length;

    private static PoolExplanation Stored(DeclineReason reason)
    {
        var slash = reason.Pool.IndexOf('/', StringComparison.Ordinal);
        var pool = new PoolKey(reason.Pool[..Math.Max(0, slash)], reason.Pool[(slash + 1)..]);
        return new PoolExplanation(pool, reason.Code, reason.Reason) { Remedy = Verdicts.Remedy(reason.Code, pool) };
    }

    /// <summary>That no pool which runs now has what is asked for; else nothing.</summary>
    private static string Hopeless(ClusterView view, NodeRequestRecord record)
    {
        var absent = record.NodeTypes.Distinct(StringComparer.Ordinal).Where(label => !view.Pools.Any(pool => pool.SupportedLabels.Contains(label))).ToList();
        return absent.Count > 0 ? $"; no running pool has label {string.Join(" or ", absent)}"
            : !view.Pools.Any(pool => record.NodeTypes.All(pool.SupportedLabels.Contains)) ? "; no running pool has all of its labels"
            : "";
    }

    private static Dictionary<string, PoolModel> ModelsOf(ClusterView view, double now)
    {
        var terms = view.Pools.Select(pool => view.TermsOf(pool.Id!)).OfType<PoolTermsRecord>().ToList();
        return terms.ToDictionary(
            each => each.Component,
            each => PoolTerms.ToModel(each, terms.Where(other => other.Provider == each.Provider), now),
            StringComparer.Ordinal);
    }
}
