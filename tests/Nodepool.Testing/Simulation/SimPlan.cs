using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Testing.Simulation;

/// <summary>What a simulated world is made of.</summary>
/// <param name="Rates">Draws how often what goes wrong.</param>
/// <param name="Config">Draws the configuration file as it is at first.</param>
/// <param name="Shape">Gives the cloud of a provider its ways; by name of the provider, the cloud, its clock and chance, the faults, and what the seed goes on with. Troubles last as long as there are faults.</param>
/// <param name="Replay">The command that runs the same again, with a trace.</param>
internal sealed record SimPlan(Func<Random, FaultRates> Rates, Func<Random, NodepoolConfig> Config, Action<string, FakeCloud, Sources, SimFaults, Random> Shape, string Replay)
{
    /// <summary>Two clouds, a few pools and much that goes wrong within minutes; nothing at all for every tenth seed.</summary>
    public static SimPlan Small(int seed) => new(random => FaultRates.Draw(random) is var rates && seed % 10 == 0 ? new FaultRates() : rates, SimConfig.Draw, ShapeSmall, $"NODEPOOL_SIM_SEED={seed} NODEPOOL_SIM_TRACE=trace.txt ./dev test SimulationReplayTests");

    private static void ShapeSmall(string provider, FakeCloud cloud, Sources sources, SimFaults faults, Random random)
    {
        cloud.Behaviour.ApiLatency = TimeSpan.FromSeconds(random.NextDouble());
        cloud.Behaviour.CreateLatency = TimeSpan.FromSeconds(random.Next(20));
        cloud.Behaviour.DeleteLatency = TimeSpan.FromSeconds(random.Next(10));
        cloud.Behaviour.UploadLatency = TimeSpan.FromSeconds(random.Next(30));
        cloud.Behaviour.ListingLag = TimeSpan.FromSeconds(random.Next(2) * random.Next(4));
        cloud.Behaviour.TellsHostKeys = random.Next(2) == 0;
        cloud.Behaviour.Limits = random.Next(2) == 0 ? Quota.Unlimited : Quota.Of((Quota.Instances, random.Next(4, 10)));
    }
}
