using Nodepool.Testing.Clouds;

namespace Nodepool.Testing.Simulation.Days;

/// <summary>
/// Runs a whole day: several launchers and a builder on ten clouds that misbehave each in its own way, and a CI system that asks for twenty thousand times nodes, under the rules of
/// every <see cref="Simulation"/> and those of fairness.
/// </summary>
public static class SimDay
{
    private static readonly SimLimits Limits = new(MostSteps: long.MaxValue, Settling: TimeSpan.FromMinutes(5), Patience: TimeSpan.FromHours(2), BetweenLooks: TimeSpan.FromMinutes(1));
    private static readonly TimeSpan BetweenActsOfTheOperator = TimeSpan.FromMinutes(4);

    /// <summary>Runs one day.</summary>
    /// <param name="seed">Determines everything.</param>
    /// <param name="settings">How large it is, and what is set.</param>
    /// <param name="trace">Gets every line of the trace; null for none.</param>
    /// <exception cref="SimulationException">A rule was broken.</exception>
    public static DayReport Run(int seed, DaySettings settings, TextWriter? trace = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Simulation.OnItsOwn(() => RunHere(seed, settings, trace));
    }

    private static DayReport RunHere(int seed, DaySettings settings, TextWriter? trace)
    {
        var plan = new DayPlan(settings);
        var world = new SimWorld(seed, trace, plan.Plan(seed));
        var random = new Random(seed ^ 0xda7);
        var client = new DayClient(world, settings, random.Next());
        var measure = new DayMeasure(world);
        var fairness = new FairnessRules(world, provider => plan.ProfileOf(provider) == CloudProfile.Steady);
        Simulation.Observe(world);
        for (var i = 1; i <= settings.Launchers; i++)
        {
            SimLauncher.Start(world, $"launcher{i}");
        }

        SimBuilder.Start(world, "builder1");
        client.Start();
        new SimOperator(world, random.Next(), BetweenActsOfTheOperator).Start();
        world.After(settings.Length, () =>
        {
            Simulation.Calm(world, SimConfigChange.Calm(world.Config, DayPlan.RebuildAge));
            client.IsQuiet = true;
        });
        Simulation.Drive(world, new FinalRules(world, () => client.Jobs), Limits);
        return measure.Report(provider => plan.ProfileOf(provider).Name) with { Steps = world.Scheduler.Steps, Compared = fairness.Compared };
    }
}
