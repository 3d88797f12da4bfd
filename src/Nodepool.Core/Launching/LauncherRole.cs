using System.Collections.Concurrent;
using Nodepool.Core.Canaries;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Backing;
using Nodepool.Core.Launching.Duties;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Launching.Standing;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;

namespace Nodepool.Core.Launching;

/// <summary>
/// The launcher: serves requests from the pools that it can get hold of, keeps min-ready, deletes what is used. Everything it does is
/// done by one of the parts that <see cref="Parts"/> lists.
/// </summary>
/// <param name="context">What its parts share; the feed is run by the caller.</param>
/// <param name="open">Opens a provider.</param>
/// <param name="configurations">The configuration now and whenever it changed; only valid ones.</param>
public sealed class LauncherRole(LauncherContext context, Func<ProviderConfig, IProvider> open, IAsyncEnumerable<NodepoolConfig> configurations) : IRole
{
    private readonly RoleFrame _frame = new(context.Engine, context.Feed, context.Sources, open, configurations);

    /// <summary>Every provider that the file has, or has had until something is done about what is left there, by name.</summary>
    private readonly ConcurrentDictionary<string, LeavingProvider> _known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "launcher";

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="StateException"><see cref="StateFault.SessionEnded"/>: start anew with a new session.</exception>
    public Task RunAsync(CancellationToken ct) => _frame.RunAsync(Component, Parts, ct);

    private ComponentRecord Component => new()
    {
        Kind = "launcher",
        Hostname = context.Hostname,
        Version = context.Version,
        SwitchedOff = context.Options.SwitchedOff,
    };

    /// <summary>
    /// Everything that a launcher runs; the only place where it is listed. Parts read the newest configuration in each pass, so they begin
    /// anew only when their provider has to be opened anew.
    /// </summary>
    private IEnumerable<Part> Parts(NodepoolConfig config, ProviderSet providers)
    {
        foreach (var part in config.Providers.SelectMany(provider => PartsOf(provider, config, providers)).Concat(Leaving(config, providers)))
        {
            yield return part;
        }

        if (context.JobEvents is { } events)
        {
            foreach (var endpoint in config.JobEvents.Publishers)
            {
                yield return new Part($"job events of {endpoint}", "", new JobListener(context, events, endpoint, Current).RunAsync);
            }
        }

        if (config.DiskImages.Any(image => image.Canary is not null) || config.Labels.Any(label => label.Canary is not null))
        {
            yield return new Part("canaries", "", ct => context.RunDutyAsync(Duty.Canaries, (lease, _, _) => new CanaryReconciler(context, Current, lease), ct));
        }

        if (context.Options.Launches)
        {
            yield return new Part("min-ready", "", ct => context.RunDutyAsync(Duty.MinReady, (lease, _, _) => new MinReadyReconciler(context, Current, lease), ct));
        }

        yield return new Part("housekeeping", "", ct => context.RunDutyAsync(Duty.Housekeeping, (lease, _, _) => new HousekeepingReconciler(context, Current, lease), ct));
    }

    private IEnumerable<Part> PartsOf(ProviderConfig provider, NodepoolConfig config, ProviderSet providers)
    {
        var identity = provider.OpenPart();
        _known[provider.Name] = new LeavingProvider(context, provider, Current);
        foreach (var setup in provider.Pools.Select(pool => new PoolSetup(config, provider, pool)))
        {
            yield return new Part($"pool {provider.Name}/{setup.Pool.Name}", identity, new PoolRunner(context, setup, Current, providers).RunAsync);
        }

        if (provider.Pools.Any(pool => pool.IsStanding))
        {
            yield return new Part($"standing nodes of {provider.Name}", identity, ct => context.RunDutyAsync(
                Duty.Standing(provider.Name), (lease, wake, work) => new StandingReconciler(context, provider.Name, Current, providers.Use(provider), lease, wake, work), ct));
        }

        if (provider.IsBacked)
        {
            yield return new Part($"backing nodes of {provider.Name}", identity, ct => context.RunDutyAsync(
                Duty.Backing(provider.Name), (lease, _, _) => new BackingReconciler(context, provider.Name, Current, lease), ct));
        }

        // All that this duty does is deleting; it is left to launchers that may.
        if (context.Options.Deletes)
        {
            yield return new Part($"provider {provider.Name}", identity, ct => context.RunDutyAsync(
                Duty.Provider(provider.Name), (lease, wake, work) => new ProviderReconciler(context, provider.Name, Current, providers.Use(provider), lease, wake, work), ct));
        }
    }

    /// <summary>What is left of providers that the file had until now. Begins when the parts that had to do with them have ended.</summary>
    private IEnumerable<Part> Leaving(NodepoolConfig config, ProviderSet providers) =>
        from known in _known.OrderBy(pair => pair.Key, StringComparer.Ordinal)
        where context.Options.Deletes && config.FindProvider(known.Key) is null
        select new Part($"provider {known.Key}, which is leaving", known.Value.Section.OpenPart(), async ct =>
        {
            await known.Value.RunAsync(providers, ct);
            if (!ct.IsCancellationRequested)
            {
                _known.TryRemove(known);
            }
        });

    private NodepoolConfig Current() => _frame.Config;
}
