using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Governing;
using Nodepool.Core.Launching.Nodes;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>
/// What has to be done once per provider: leaks are deleted, dead nodes given up, and nodes end that are too old or whose pool is no longer configured.
/// Goes on when the provider itself is no longer configured, until nothing is left there.
/// </summary>
internal sealed partial class ProviderReconciler : IReconciler, IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenAges = TimeSpan.FromSeconds(15);

    /// <summary>After a first sighting the second look comes sooner; still long enough for any view to have caught up.</summary>
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(5);

    private readonly LauncherContext _context;
    private readonly string _name;
    private readonly Func<NodepoolConfig> _currentConfig;
    private readonly ProviderUse _opened;
    private readonly IProvider _provider;
    private readonly FencedCommits _commits;
    private readonly ILogger _logger;
    private readonly WorkSet _works;
    private readonly NodeDeletion _deletion;
    private readonly LeftPools _left;
    private readonly NextTurn _looks;
    private readonly NextTurn _ages;
    private bool _isLastSearch;
    private HashSet<(string Type, string Id)> _suspects = [];

    public ProviderReconciler(
        LauncherContext context, string name, Func<NodepoolConfig> currentConfig, ProviderUse opened, ILease lease, WakeSignal wake, CancellationToken ct)
    {
        _context = context;
        _name = name;
        _currentConfig = currentConfig;
        _opened = opened;
        _provider = opened.Provider;
        _commits = context.CommitsUnder(lease);
        _logger = context.Loggers.CreateLogger($"provider {name}");
        _works = new WorkSet(wake, context.Sources, _logger, ct);
        _deletion = new NodeDeletion(context, _provider, new RetryPace(context.Sources), _commits.Fence, EndsWithItsPool, _logger);
        _left = new LeftPools(name);
        _looks = new NextTurn(context.Sources.Time, Period);
        _ages = new NextTurn(context.Sources.Time, BetweenAges);
    }

    /// <summary>Called when the configuration no longer has the provider and nothing is left there.</summary>
    public Action? OnSpent { get; init; }

    public string Name => $"provider {_name}";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        var view = await _commits.ViewAsync(ct);
        var now = _context.Sources.Time.GetUtcNow();
        _left.Look(view, _currentConfig(), now);
        foreach (var id in HomelessNodes(view, now))
        {
            _works.Ensure(id, _deletion.RunAsync);
        }

        if (_ages.IsDue)
        {
            _ages.After(BetweenAges);
            await EndAgedAsync(view, ct);
        }

        await SearchAsync(view, ct);
        return new[] { _looks.Wait, _ages.Wait, _left.UntilNext(_context.Sources.Time.GetUtcNow()) ?? Period }.Min();
    }

    private async ValueTask SearchAsync(ClusterView view, CancellationToken ct)
    {
        var isOver = _currentConfig().FindProvider(_name) is null && !view.Nodes.ByPool.Any(pair => pair.Key.Provider == _name && !pair.Value.IsEmpty);
        if (isOver && !_isLastSearch)
        {
            // Another one: what a create has left whose answer was lost may have appeared since.
            _looks.After(TimeSpan.Zero);
        }

        _isLastSearch = isOver;
        if (!_looks.IsDue)
        {
            return;
        }

        // Machines that exist already are nobody's leak, and looked at by who keeps their nodes.
        var hasSuspects = _provider is not IStandingProvider && await TryLookAsync(ct);
        _looks.After(hasSuspects ? SecondLook : Period);
        if (isOver && !hasSuspects)
        {
            LogSpent(_logger, _name);
            OnSpent?.Invoke();
        }
    }

    private async ValueTask EndAgedAsync(ClusterView view, CancellationToken ct)
    {
        foreach (var node in AgePlanner.Plan(view, _currentConfig(), _name, _context.Sources.UnixNow))
        {
            if (await TryGiveUpAsync(node, ct))
            {
                if (node.Record!.State == NodeState.Hold)
                {
                    LogHoldOver(_logger, node.Id);
                }
                else
                {
                    LogTooOld(_logger, node.Id, node.Record.State.Word());
                }
            }
        }
    }

    /// <summary>True when there is something that has to be seen a second time.</summary>
    private async ValueTask<bool> TryLookAsync(CancellationToken ct)
    {
        try
        {
            return await LookAsync(ct);
        }
        catch (ProviderException e)
        {
            LogCannotList(_logger, _name, e.Fault, e.Message);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _works.DrainAsync();
        await _opened.DisposeAsync();
    }

    private IEnumerable<string> HomelessNodes(ClusterView view, DateTimeOffset now) =>
        from pool in _left.For(now)
        from node in view.Nodes.In(pool).Select(id => view.Nodes.ById[id])
        where !node.IsLocked && EndsWithItsPool(node)
        select node.Id;

    /// <summary>
    /// A client keeps what it was given and a human what was held; everything else goes with its pool, also what was being made for a request
    /// that is still open: another pool will serve it.
    /// </summary>
    private bool EndsWithItsPool(NodeView node) =>
        PoolPlanner.IsToBeDeleted(node) || (!node.IsLocked && node.Record is { State: NodeState.Ready or NodeState.Building } record
            && (record.AllocatedTo is not { } request || _context.Feed.Current.Requests.GetValueOrDefault(request)?.Record?.State is not RequestState.Fulfilled));

    /// <summary>Compares what the provider lists with the records, both ways; what is seen the second time is acted on.</summary>
    private async ValueTask<bool> LookAsync(CancellationToken ct)
    {
        var listed = new List<CloudResource>();
        await foreach (var resource in _provider.ListResourcesAsync(ct))
        {
            listed.Add(resource);
        }

        // The view must not be older than the listing, or the machine of a node that it does not show yet would pass for a leak.
        var view = await _commits.NewestViewAsync(ct);
        var seen = new HashSet<(string Type, string Id)>();
        foreach (var resource in LeakPlanner.Unowned(view, _name, listed))
        {
            if (IsSecondSighting(seen, (resource.Type, resource.ExternalId)))
            {
                await DeleteLeakAsync(resource, ct);
            }
        }

        foreach (var node in LossPlanner.Lost(view, _name, listed, _context.Sources.UnixNow))
        {
            if (IsSecondSighting(seen, ("node", node.Id)) && await TryGiveUpAsync(node, ct))
            {
                LogLost(_logger, node.Id, _name);
            }
        }

        _suspects = seen;
        return seen.Count > 0;
    }

    /// <summary>One that the provider does not let go keeps none of the others; it is met again in the next look.</summary>
    private async ValueTask DeleteLeakAsync(CloudResource resource, CancellationToken ct)
    {
        try
        {
            await _provider.DeleteResourceAsync(resource, ct);
            LogLeak(_logger, _name, resource.Type, resource.ExternalId);
        }
        catch (ProviderException e)
        {
            LogLeakStays(_logger, _name, resource.Type, resource.ExternalId, e.Fault, e.Message);
        }
    }

    private bool IsSecondSighting(HashSet<(string Type, string Id)> seen, (string Type, string Id) suspect) => _suspects.Contains(suspect) || !seen.Add(suspect);

    /// <summary>False when somebody has taken it meanwhile: it is theirs to judge.</summary>
    private ValueTask<bool> TryGiveUpAsync(NodeView node, CancellationToken ct)
    {
        NodeTransitions.Table.Demand(node.Record!.State, NodeState.Deleting, Actors.Cleanup);
        var record = node.Record.To(NodeState.Deleting, _context.Sources.UnixNow);
        return _commits.TryAsync([new Write.Set(NodepoolPaths.Node(node.Id), record.Write(), node.Version)], ct);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} is to be deleted: it has been {State} for too long")]
    private static partial void LogTooOld(ILogger logger, string node, string state);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} is to be deleted: it has been held for as long as it was to be")]
    private static partial void LogHoldOver(ILogger logger, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node} is to be deleted: its machine no longer runs at provider {Provider}")]
    private static partial void LogLost(ILogger logger, string node, string provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Leak at provider {Provider} deleted: {Type} {ExternalId} belongs to no record")]
    private static partial void LogLeak(ILogger logger, string provider, string type, string externalId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Leak at provider {Provider} cannot be deleted now: {Type} {ExternalId}: {Fault}: {Reason}")]
    private static partial void LogLeakStays(ILogger logger, string provider, string type, string externalId, ProviderFault fault, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Provider {Provider} is no longer configured and has no nodes left; it is closed")]
    private static partial void LogSpent(ILogger logger, string provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Provider {Provider} cannot be searched for leaks now: {Fault}: {Reason}")]
    private static partial void LogCannotList(ILogger logger, string provider, ProviderFault fault, string reason);
}
