using System.Globalization;
using Nodepool.Core.Collections;

namespace Nodepool.Testing.Simulation;

/// <summary>
/// Runs the product's roles, a client that behaves as Zuul does and an operator on one thread, one fake clock, the memory engine and
/// fake clouds, with faults drawn from the seed, and checks the rules after every step. See docs/simulation.md.
/// </summary>
public static class Simulation
{
    private const long MostSteps = 3_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(45);
    private static readonly TimeSpan BeforeTheLastEdit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(7);

    /// <summary>Runs one seed.</summary>
    /// <param name="seed">Determines everything.</param>
    /// <param name="trace">Gets every line of the trace; null for none.</param>
    /// <exception cref="SimulationException">A rule was broken.</exception>
    public static SimulationResult Run(int seed, TextWriter? trace = null)
    {
        var outer = SynchronizationContext.Current;
        try
        {
            return RunHere(seed, trace);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private static SimulationResult RunHere(int seed, TextWriter? trace)
    {
        var world = new SimWorld(seed, trace);
        var random = new Random(seed ^ 0x5eed);
        var client = new SimClient(world, "zuul", random.Next());
        world.Trace.Line("nature", $"seed {seed}: {world.Faults.Rates}");
        world.Observer.Start(() => world.Model.RunAsync(world.Tree.Open(world.Observer.Sources)));
        world.Scheduler.RunAll(world.Observer);
        for (var i = 1; i <= random.Next(1, 4); i++)
        {
            SimLauncher.Start(world, $"launcher{i}");
        }

        for (var i = 1; i <= random.Next(1, 3); i++)
        {
            SimBuilder.Start(world, $"builder{i}");
        }

        client.Start();
        new SimOperator(world, random.Next()).Start();
        world.After(TimeSpan.FromSeconds(random.Next(20, 80)), () => world.Configurations.Publish(SimConfigChange.OtherFormats(random, world.Config)));
        world.After(TimeSpan.FromSeconds(random.Next(40, 160)), () =>
        {
            world.Trace.Line("nature", "nothing goes wrong any more");
            world.Faults.IsActive = false;
            world.Configurations.Publish(SimConfigChange.Complete(random, SimConfigChange.Calm(world.Config)));
            client.IsQuiet = true;
            world.After(BeforeTheLastEdit, () =>
            {
                // Every launcher has had all providers by now and lives on: what is taken from the file has to end.
                world.IsLastFile = true;
                var (deed, victim) = (random.Next(3), world.Config.Providers[random.Next(world.Config.Providers.Count)]);
                world.Configurations.Publish(deed == 0 ? world.Config with { Providers = world.Config.Providers.Where(provider => provider != victim).ToValueList() } : world.Config);

                // Requests that only a drained provider could serve wait as long as it is drained.
                world.LastDrain = deed == 1 && client.Jobs == 0 ? victim.Name : null;
                world.Trace.Line("nature", $"from now on the file has {string.Join(", ", world.Config.Providers.Select(provider => provider.Name))}; drained: {world.LastDrain ?? "none"}");
            });
        });
        try
        {
            Drive(world, new FinalRules(world, client));
        }
        catch (Exception e) when (e is not SimulationException)
        {
            throw new SimulationException(seed, e.Message, world.Trace.Tail(), e);
        }

        return new SimulationResult(seed, world.Trace.Digest.ToString("x16", CultureInfo.InvariantCulture), world.Scheduler.Steps, world.Scheduler.Elapsed, world.Tally.ToString());
    }

    private static void Drive(SimWorld world, FinalRules final)
    {
        var quietSince = DateTimeOffset.MaxValue;
        var nextLook = DateTimeOffset.MaxValue;
        var last = "";
        while (world.Scheduler.Step())
        {
            world.Scheduler.RunAll(world.Observer);
            world.Model.StepEnds();
            world.ThrowIfFailed();
            var now = world.Scheduler.Now;
            if (!world.Faults.IsActive && quietSince == DateTimeOffset.MaxValue)
            {
                quietSince = now;
                nextLook = now + BeforeTheLastEdit + BetweenLooks;
            }

            if (now >= nextLook)
            {
                nextLook = now + BetweenLooks;
                if (final.Obstacle() is not { } obstacle)
                {
                    return;
                }

                if (obstacle != last)
                {
                    world.Trace.Line("nature", $"not yet: {last = obstacle}");
                }

                if (now - quietSince > Patience)
                {
                    final.Describe().ToList().ForEach(line => world.Trace.Line("nature", line));
                    world.Fail($"{Patience.TotalMinutes:0} minutes after the last fault {obstacle}");
                }
            }

            world.Require(world.Scheduler.Steps < MostSteps, "the processes keep each other busy without end");
        }

        throw new InvalidOperationException("nobody waits for anything any more");
    }
}
