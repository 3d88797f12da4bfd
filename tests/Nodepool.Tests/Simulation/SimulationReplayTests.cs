using System.Globalization;

namespace Nodepool.Tests.Simulation;

/// <summary>Runs one seed again and shows its whole trace: <c>NODEPOOL_SIM_SEED=N</c>, or <c>NODEPOOL_SIM_TRACE=FILE</c> for a file.</summary>
public sealed class SimulationReplayTests(ITestOutputHelper output)
{
    [Fact]
    public void Seed_FromTheEnvironment_KeepsTheRules()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("NODEPOOL_SIM_SEED") ?? "1", CultureInfo.InvariantCulture);
        var file = Environment.GetEnvironmentVariable("NODEPOOL_SIM_TRACE");
        using TextWriter? trace = file is null ? null : new StreamWriter(file);
        output.WriteLine(Testing.Simulation.Simulation.Run(seed, trace).ToString());
    }
}
