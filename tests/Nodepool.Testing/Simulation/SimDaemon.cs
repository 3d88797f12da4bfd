using System.Runtime.CompilerServices;
using Nodepool.Core.Config;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Testing.Simulation;

/// <summary>A role of the product, started again after every death and after every end of its session.</summary>
internal sealed class SimDaemon(SimWorld world, string name, Actors rights, SimDaemon.Body body)
{
    /// <summary>One life of the role, over one session.</summary>
    public delegate Task Body(SimProcess process, SimEngine engine, ClusterFeed feed, IAsyncEnumerable<NodepoolConfig> configurations, CancellationToken ct);

    private int _lives;

    /// <summary>Starts a new life.</summary>
    public void Start()
    {
        world.Absent.Remove(name);
        var process = world.NewProcess($"{name}.{++_lives}", rights);
        var stop = new CancellationTokenSource();
        world.OnDeath[process] = () =>
        {
            world.Absent.Add(name);
            world.After(TimeSpan.FromSeconds(1) + world.Faults.UpTo(60), Start);
        };
        process.Start(() => LiveAsync(process, stop.Token));
        if (world.Faults.IsActive && world.Faults.Strikes(world.Faults.Rates.Kill > 0 ? 0.3 : 0))
        {
            world.After(world.Faults.UpTo(300), () => process.Post(_ => StopInOrder(process, stop), null));
        }
    }

    private void StopInOrder(SimProcess process, CancellationTokenSource stop)
    {
        if (world.IsLastFile)
        {
            return;
        }

        world.Trace.Line(process.Name, "is asked to stop");
        world.Absent.Add(name);
        stop.Cancel();
    }

    private async Task LiveAsync(SimProcess process, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await using var engine = new SimEngine(world, process, world.Faults.Rates);
            using var following = CancellationTokenSource.CreateLinkedTokenSource(engine.SessionEnded);
            try
            {
                var feed = new ClusterFeed(engine, process.Time);
                _ = FollowAsync(feed, process, following.Token);
                await body(process, engine, feed, Configurations(process, stop), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // One of the two ways in which a role ends in order.
            }
            catch (StateException e)
            {
                world.Trace.Line(process.Name, $"role ends: {e.Fault}");
                await Task.Delay(TimeSpan.FromSeconds(1), process.Time, CancellationToken.None);
            }

            following.Cancel();
        }

        world.Trace.Line(process.Name, "stopped in order");
        world.OnDeath.Remove(process);
        world.After(TimeSpan.FromSeconds(1) + world.Faults.UpTo(30), Start);
    }

    private static async Task FollowAsync(ClusterFeed feed, SimProcess process, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await feed.RunAsync(ct);
            }
            catch (StateException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), process.Time, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>What the operator writes, noticed by every process in its own time.</summary>
    private async IAsyncEnumerable<NodepoolConfig> Configurations(SimProcess process, [EnumeratorCancellation] CancellationToken ct = default)
    {
        for (var snapshot = world.Configurations.Current; ; snapshot = await world.Configurations.NextAsync(snapshot.Revision, ct))
        {
            process.Configs.Add(snapshot.Config);
            world.Trace.Line(process.Name, $"works with revision {snapshot.Revision}");
            yield return snapshot.Config;
            await Task.Delay(world.Faults.UpTo(20), process.Time, ct);
        }
    }
}
