using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Governing;
using Nodepool.Core.Launching.Nodes;
using Nodepool.Core.Reconciling;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>Runs a pool while its lease is ours: plans on the newest view, carries the plan out, keeps work on nodes going.</summary>
internal sealed class PoolReconciler : IReconciler, IAsyncDisposable
{
    /// <summary>Passes are woken by changes; this catches what a lost signal would have.</summary>
    private static readonly TimeSpan Fallback = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan AfterConflict = TimeSpan.FromMilliseconds(50);

    private readonly PoolRun _run;
    private readonly Func<NodepoolConfig> _currentConfig;
    private readonly ComponentRegistration _registration;
    private readonly RequestExecutor _executor;
    private readonly WorkSet _works;
    private readonly ProviderLimits _limits;
    private readonly PoolZones _zones;
    private readonly LaunchGovernor _governor;
    private readonly ClockWatch _clock;
    private readonly PoolTermsEntry _terms;
    private readonly NodeLaunch _launch;
    private readonly NodeDeletion _deletion;

    public PoolReconciler(PoolRun run, Func<NodepoolConfig> currentConfig, ComponentRegistration registration, WakeSignal wake, CancellationToken ct)
    {
        var logger = run.Context.Loggers.CreateLogger($"pool {run.Key}");
        _run = run;
        _currentConfig = currentConfig;
        _registration = registration;
        _executor = new RequestExecutor(run, logger);
        _works = new WorkSet(wake, run.Context.Sources, logger, ct);
        _limits = new ProviderLimits(run.Provider, run.Context.Sources, logger);
        _zones = new PoolZones(run.Provider, run.Context.Sources, logger);
        _terms = new PoolTermsEntry(run);
        _clock = new ClockWatch(run.Context.Sources.Time);
        _governor = new LaunchGovernor(run.Key, run.Context.Sources, logger);
        var pace = new RetryPace(run.Context.Sources);
        _launch = new NodeLaunch(run, _limits, _governor, pace, logger);
        _deletion = new NodeDeletion(run.Context, run.Provider, pace, run.Commits.Fence, PoolPlanner.IsToBeDeleted, logger);
    }

    public string Name => $"pool {_run.Key}";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        await FollowConfigAsync(ct);
        await _limits.RefreshAsync(_run.Setup.Provider, isFull: _registration.Record.Paused, ct);
        await _zones.RefreshAsync(_run.Setup.Pool, ct);
        var view = await _run.Commits.ViewAsync(ct, _registration.Position);
        await _executor.DropStaleLocksAsync(view);
        var model = Model(view);
        var plan = PoolPlanner.Plan(view, model, _run.Context.Sources.UnixNow);
        await _registration.ChangeAsync(_registration.Record with { Paused = plan.IsPaused, MinReady = _run.Setup.MinReady(_run.Context.Options, _run.Context.Sources.UnixNow) }, ct);
        var isDone = await _executor.ExecuteAsync(plan.Requests, view, ct);

        // A node that has changed since is for the next pass, which its change has woken: its lock would be taken in vain.
        var now = _run.Context.Feed.Current.Nodes.ById;
        bool IsAsPlanned(string id) => now.TryGetValue(id, out var node) && node.Version == view.Nodes.ById[id].Version;
        foreach (var id in plan.Launch.Where(IsAsPlanned))
        {
            _works.Ensure(id, _launch.RunAsync);
        }

        foreach (var id in plan.Delete.Where(IsAsPlanned))
        {
            _works.Ensure(id, _deletion.RunAsync);
        }

        _works.Forget(id => _run.Context.Feed.Current.Nodes.ById.ContainsKey(id));
        await _terms.TellAsync(PoolTerms.Of(model, _limits.ClosedUntil), ct);
        return !isDone || plan.IsUnsettled ? AfterConflict : _works.NextPass(Fallback, Earlier(_limits.ReopensAfter, _governor.NextLook));
    }

    /// <summary>Ends all work in order; the token that the work was started with has been cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        await _works.DrainAsync();
        await _terms.DisposeAsync();
        await _executor.DisposeAsync();
    }

    /// <summary>
    /// A pool whose section has changed is another pool to requests: what it refused before it may be able to serve now. So it goes on under
    /// another id, while its nodes and what is being done to them stay.
    /// </summary>
    private async ValueTask FollowConfigAsync(CancellationToken ct)
    {
        if (_run.Next(_currentConfig()) is not { } next)
        {
            return;
        }

        var id = next.Pool == _run.Setup.Pool ? _run.ComponentId : _run.NewId();
        var labels = next.Pool.Labels.Select(label => label.Name).ToValueList();
        var minReady = next.MinReady(_run.Context.Options, _run.Context.Sources.UnixNow);
        await _registration.ChangeAsync(_registration.Record with { Id = id, SupportedLabels = labels, Priority = next.Pool.Priority, MinReady = minReady, IsStanding = next.Pool.IsStanding }, ct);
        _run.Take(next, id);
    }

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other ?? one : one;

    private PoolModel Model(ClusterView view) => new()
    {
        Key = _run.Key,
        ComponentId = _run.ComponentId,
        Provider = _run.Setup.Provider,
        Config = _run.Setup.Pool,
        Costs = new ValueMap<Quota>(_run.Setup.Pool.Labels.Select(label => KeyValuePair.Create(label.Name, _run.Provider.GetCost(_run.Setup.Pool, label)))),
        ProviderLimits = _run.Setup.Pool.IgnoresProviderLimits ? Quota.Unlimited : _limits.Current,
        Tenants = new ValueMap<TenantLimit>(_run.Setup.Config.TenantLimits.Select(limit => KeyValuePair.Create(limit.Tenant, limit))),
        Zones = _zones.Current,
        Lanes = _governor.Look(view, _run.Setup),
        Deadlines = new ValueMap<double>(_run.Setup.Pool.Labels.Select(label => KeyValuePair.Create(label.Name, _run.Setup.LaunchDeadline(label.Name).TotalSeconds))),
        ClockSetTo = _clock.Look(),
        IsQuotaClosed = _limits.IsClosed,
        Options = _run.Context.Options,
    };
}
