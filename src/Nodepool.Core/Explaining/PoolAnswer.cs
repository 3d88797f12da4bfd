using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.View;

namespace Nodepool.Core.Explaining;

/// <summary>One pool's verdict about one request, made complete with who holds what is short, an estimate and a remedy.</summary>
internal sealed class PoolAnswer
{
    private readonly ClusterView _view;
    private readonly RequestView _request;
    private readonly ComponentRecord _pool;
    private readonly PoolKey _key;
    private readonly PoolVerdict _verdict;
    private readonly double _now;

    /// <param name="view">All records.</param>
    /// <param name="request">The request.</param>
    /// <param name="pool">The registered pool.</param>
    /// <param name="model">On what it decides; null when it does not tell.</param>
    /// <param name="now">Unix seconds.</param>
    public PoolAnswer(ClusterView view, RequestView request, ComponentRecord pool, PoolModel? model, double now)
    {
        (_view, _request, _pool, _now) = (view, request, pool, now);
        _key = new PoolKey(pool.ProviderName ?? "", pool.Name ?? "");
        _verdict = VerdictOf(model);
    }

    /// <summary>What kind of verdict it is.</summary>
    public VerdictCode Code => _verdict.Code;

    /// <summary>The whole.</summary>
    public PoolExplanation Explain()
    {
        var holders = Holders();
        return new PoolExplanation(_key, Code.Word(), Text())
        {
            Host = _pool.Hostname,
            Holders = holders?.Text,
            Remedy = _verdict.Remedy(_key),
            Estimate = Code == VerdictCode.Launching ? LaunchEstimate() : holders?.Until(Lacking(), _now),
        };
    }

    private PoolVerdict VerdictOf(PoolModel? model)
    {
        if (_request.Record!.State == RequestState.Pending && Owners() is var owners && !owners.Contains(_key))
        {
            return owners.Count == 0 ? new PoolVerdict(VerdictCode.Lost)
                : owners.Exists(_view.IsRun) ? new PoolVerdict(VerdictCode.TakenElsewhere, owners.Find(_view.IsRun).ToString())
                : new PoolVerdict(VerdictCode.Lost, owners[0].ToString());
        }

        var verdict = model is null ? null : PoolPlanner.Explain(_view, model, _request.Id, _now);
        return verdict switch
        {
            { Code: VerdictCode.Declined, Subject: null } => Declined(),
            not null => verdict,
            null when _request.Record.DeclinedBy.Contains(_pool.Id!) => Declined(),
            null when _request.Record.NodeTypes.FirstOrDefault(label => !_pool.SupportedLabels.Contains(label)) is { } absent => new PoolVerdict(VerdictCode.LabelAbsent, absent),
            null => new PoolVerdict(VerdictCode.Unknown),
        };
    }

    private PoolVerdict Declined() => new(
        VerdictCode.Declined,
        _request.Record!.DeclineReasons.Select(DeclineReason.Of).LastOrDefault(reason => reason?.Pool == _key.ToString()) is { } stored ? $"has declined it: {stored.Reason}" : "has declined it");

    /// <summary>The pools that have nodes for the request.</summary>
    private List<PoolKey> Owners() =>
        _view.Nodes.Of(_request.Id).Select(id => _view.Nodes.ById[id].Record!).Select(PoolKey.Of).Distinct().ToList();

    private string Text() => Code == VerdictCode.Launching ? RequestProgress.Of(_view, null, new WaitingOrder(_view, _now), _request.Id).Summary : _verdict.Text(_key);

    private QuotaHolders? Holders()
    {
        if (Code is not (VerdictCode.Quota or VerdictCode.CloudQuota or VerdictCode.TenantLimit or VerdictCode.Behind))
        {
            return null;
        }

        var scope = _verdict.Shortage?.Scope ?? (Code == VerdictCode.TenantLimit ? QuotaScope.Tenant : Code == VerdictCode.CloudQuota ? QuotaScope.Provider : QuotaScope.Pool);
        var counted = _view.Nodes.ById.Values.Select(node => node.Record).OfType<NodeRecord>().Where(node => scope switch
        {
            QuotaScope.Pool => node.Provider == _key.Provider && node.Pool == _key.Pool,
            QuotaScope.Provider => node.Provider == _key.Provider,
            _ => !node.IsIdle && node.TenantName == _request.Record!.TenantName,
        });
        return new QuotaHolders(counted.ToList(), _verdict.Shortage?.Resource ?? Quota.Instances);
    }

    /// <summary>What has to become free, for those who come before it as well: counted in nodes of its own kind.</summary>
    private long Lacking()
    {
        var nodes = Math.Max(1, _request.Record!.NodeTypes.Count);
        if (_verdict.Shortage is not { } shortage)
        {
            return nodes + _verdict.NodesAhead;
        }

        return shortage.Used + shortage.Needed - shortage.Limit + (_verdict.NodesAhead * Math.Max(1, shortage.Needed / nodes));
    }

    /// <summary>The middle of the times that nodes of the label took here, of those that are ready now.</summary>
    private WaitEstimate? LaunchEstimate()
    {
        WaitEstimate? latest = null;
        foreach (var node in _view.Nodes.Of(_request.Id).Select(id => _view.Nodes.ById[id].Record!).Where(node => node.State == NodeState.Building))
        {
            var times = _view.Nodes.ById.Values.Select(other => other.Record).OfType<NodeRecord>()
                .Where(other => other.State == NodeState.Ready && other.Provider == node.Provider && other.Pool == node.Pool && other.Type.Contains(node.Type[0]))
                .Select(other => other.StateTime - other.CreatedTime).Order().ToList();
            if (times.Count == 0)
            {
                return null;
            }

            var left = Math.Max(0, times[times.Count / 2] - (_now - node.CreatedTime));
            if (latest is null || left > latest.Seconds)
            {
                latest = new WaitEstimate(left, $"nodes of label {node.Type[0]} that are ready here now took {times[times.Count / 2]:0} s (middle of {times.Count})");
            }
        }

        return latest;
    }
}
