using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Testing.Providers;

namespace Nodepool.Testing.Simulation;

/// <summary>Nodescans of all simulated clouds: a running instance answers after a while, a mute one never.</summary>
internal static class SimScanner
{
    public static INodeScanner Of(SimWorld world, SimProcess process) => new FakeNodeScanner(process.Time, order =>
        world.Clouds.Values.Select(cloud => cloud.At(order.Host)).FirstOrDefault(server => server is { IsMute: false } && server.StateAt(world.Scheduler.Now) == FakeServerState.Active) is { } answers
            ? new ScanScript(world.Faults.IsActive ? world.Faults.UpTo(5) : TimeSpan.FromSeconds(1), ["ssh-ed25519 " + answers.Id])
            : ScanScript.Never);
}
