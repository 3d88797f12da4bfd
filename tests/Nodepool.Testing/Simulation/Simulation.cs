using System.Globalization;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Testing.Simulation;

/// <summary>
/// Runs the product's roles, a client that behaves as Zuul does and an operator on one thread, one fake clock, the memory engine and
/// fake clouds, with faults drawn from the seed, and checks the rules after every step. See docs/simulation.md.
/// </summary>
public static class Simulation
{
    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RebuildAgeAtRest = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan BeforeTheLastEdit = TimeSpan.FromSeconds(90);
    private static readonly SimLimits Limits = new(MostSteps: 3_000_000, Settling: TimeSpan.FromSeconds(97), Patience: TimeSpan.FromMinutes(45), BetweenLooks: TimeSpan.FromSeconds(7));

    /// <summary>Runs one seed.</summary>
    /// <param name="seed">Determines everything.</param>
    /// <param name="trace">Gets every line of the trace; null for none.</param>
    /// <exception cref="SimulationException">A rule was broken.</exception>
    public static SimulationResult Run(int seed, TextWriter? trace = null) => OnItsOwn(() => RunHere(seed, trace));

    /// <summary>Runs something whose processes are contexts of this thread, and gives the thread back as it was.</summary>
    internal static T OnItsOwn<T>(Func<T> run)
    {
        var outer = SynchronizationContext.Current;
        try
        {
            return run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>Lets the observer see everything from now on.</summary>
    internal static void Observe(SimWorld world)
    {
        world.Trace.Line("nature", $"seed {world.Seed}: {world.Faults.Rates}");
        world.Observer.Start(() => world.Model.RunAsync(world.Tree.Open(world.Observer.Sources)));
        world.Scheduler.RunAll(world.Observer);
    }

    /// <summary>Nothing goes wrong from now on, and the configuration file is this.</summary>
    internal static void Calm(SimWorld world, NodepoolConfig config)
    {
        world.Trace.Line("nature", "nothing goes wrong any more");
        world.Faults.IsActive = false;
        world.Configurations.Publish(config);
    }

    /// <summary>Lets the world go on until everything is in order after the last fault.</summary>
    /// <exception cref="SimulationException">A rule was broken, or something went wrong that nobody expects.</exception>
    internal static void Drive(SimWorld world, FinalRules final, SimLimits limits)
    {
        try
        {
            Go(world, final, limits);
        }
        catch (Exception e) when (e is not SimulationException)
        {
            throw new SimulationException(world.Seed, world.Replay, e.Message, world.Trace.Tail(), e);
        }
    }

    private static SimulationResult RunHere(int seed, TextWriter? trace)
    {
        var world = new SimWorld(seed, trace, SimPlan.Small(seed));
        var random = new Random(seed ^ 0x5eed);
        var client = new SimClient(world, "zuul", random.Next());
        Observe(world);
        var launchers = new List<string>();
        for (var i = 1; i <= random.Next(1, 4); i++)
        {
            launchers.Add($"launcher{i}");
            SimLauncher.Start(world, launchers[^1]);
        }

        for (var i = 1; i <= random.Next(1, 3); i++)
        {
            SimBuilder.Start(world, $"builder{i}");
        }

        client.Start();
        new SimOperator(world, random.Next(), TimeSpan.FromSeconds(20)).Start();
        world.After(TimeSpan.FromSeconds(random.Next(20, 80)), () => world.Configurations.Publish(SimConfigChange.OtherFormats(random, world.Config)));
        world.After(TimeSpan.FromSeconds(random.Next(40, 160)), () =>
        {
            Calm(world, SimConfigChange.Complete(random, SimConfigChange.Calm(world.Config, RebuildAgeAtRest)));
            client.IsQuiet = true;
            world.After(BeforeTheLastEdit, () => LastEdit(world, random, client, launchers));
        });
        Drive(world, new FinalRules(world, () => client.Jobs), Limits);
        return new SimulationResult(seed, world.Trace.Digest.ToString("x16", CultureInfo.InvariantCulture), world.Scheduler.Steps, world.Scheduler.Elapsed, world.Tally.ToString());
    }

    /// <summary>Every launcher that runs has had all providers by now and lives on: what is taken from the file, or drained, has to end.</summary>
    private static void LastEdit(SimWorld world, Random random, SimClient client, List<string> launchers)
    {
        world.IsLastFile = true;
        if (launchers.TrueForAll(world.Absent.Contains))
        {
            // Those that are started only afterwards would never know of a provider that is gone from the file.
            world.After(BeforeTheLastEdit, () => LastEdit(world, random, client, launchers));
            return;
        }

        var (deed, victim) = (random.Next(3), world.Config.Providers[random.Next(world.Config.Providers.Count)]);
        world.Configurations.Publish(deed == 0 ? world.Config with { Providers = world.Config.Providers.Where(provider => provider != victim).ToValueList() } : world.Config);

        // Requests that only a drained provider could serve wait as long as it is drained.
        world.LastDrain = deed == 1 && client.Jobs == 0 ? victim.Name : null;
        world.Trace.Line("nature", $"from now on the file has {string.Join(", ", world.Config.Providers.Select(provider => provider.Name))}; drained: {world.LastDrain ?? "none"}");
    }

    private static void Go(SimWorld world, FinalRules final, SimLimits limits)
    {
        var quietSince = DateTimeOffset.MaxValue;
        var nextLook = DateTimeOffset.MaxValue;
        var nextMinute = world.Scheduler.Now;
        var last = "";
        while (world.Scheduler.Step())
        {
            world.Scheduler.RunAll(world.Observer);
            world.Model.StepEnds();
            world.ThrowIfFailed();
            var now = world.Scheduler.Now;
            if (now >= nextMinute)
            {
                nextMinute = now + OneMinute;
                world.PassMinute();
            }

            if (!world.Faults.IsActive && quietSince == DateTimeOffset.MaxValue)
            {
                quietSince = now;
                nextLook = now + limits.Settling;
            }

            if (now >= nextLook)
            {
                nextLook = now + limits.BetweenLooks;
                if (final.Obstacle() is not { } obstacle)
                {
                    return;
                }

                if (obstacle != last)
                {
                    world.Trace.Line("nature", $"not yet: {last = obstacle}");
                }

                if (now - quietSince > limits.Patience)
                {
                    final.Describe().ToList().ForEach(line => world.Trace.Line("nature", line));
                    world.Fail($"{limits.Patience.TotalMinutes:0} minutes after the last fault {obstacle}");
                }
            }

            world.Require(world.Scheduler.Steps < limits.MostSteps, "the processes keep each other busy without end");
        }

        throw new InvalidOperationException("nobody waits for anything any more");
    }
}
