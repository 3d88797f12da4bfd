using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Reconciling;

/// <summary>What roles that work on the records have in common: they are registered, and run the parts that the newest configuration asks for.</summary>
/// <param name="engine">The store.</param>
/// <param name="feed">Wakes all parts when the configuration has changed.</param>
/// <param name="sources">Time.</param>
/// <param name="open">Opens a provider.</param>
/// <param name="configurations">The configuration now and whenever it changed; only valid ones.</param>
internal sealed class RoleFrame(
    IStateEngine engine, ClusterFeed feed, Sources sources, Func<ProviderConfig, IProvider> open, IAsyncEnumerable<NodepoolConfig> configurations)
{
    private volatile NodepoolConfig _config = new();

    /// <summary>The configuration now.</summary>
    public NodepoolConfig Config => _config;

    /// <summary>Runs until cancelled.</summary>
    /// <param name="component">What the role is registered as.</param>
    /// <param name="parts">The parts that a configuration asks for.</param>
    /// <param name="ct">Ends the role in order.</param>
    /// <exception cref="StateException"><see cref="StateFault.SessionEnded"/>: start anew with a new session.</exception>
    public async Task RunAsync(ComponentRecord component, Func<NodepoolConfig, ProviderSet, IEnumerable<Part>> parts, CancellationToken ct)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, engine.SessionEnded);
        await using var registration = await ComponentRegistration.CreateAsync(engine, component, linked.Token);
        await using var providers = new ProviderSet(open);
        await using var running = new PartSet();
        try
        {
            await foreach (var config in configurations.WithCancellation(linked.Token))
            {
                _config = config;
                providers.Expect(config);
                await running.ApplyAsync([.. parts(config, providers)]);
                await providers.CloseUnusedAsync(config);
                feed.WakeAll();
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, sources.Time, linked.Token);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
            throw new StateException(StateFault.SessionEnded, NodepoolPaths.Root, $"the store's session has ended; the {component.Kind} starts anew with a new one");
        }
    }
}
