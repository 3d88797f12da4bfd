using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Testing.Providers;

namespace Nodepool.Testing.Simulation;

/// <summary>Nodescans of all simulated clouds and hosts: a running instance answers after a while, a mute one never, a host most of the time.</summary>
internal static class SimScanner
{
    public static INodeScanner Of(SimWorld world, SimProcess process) => new FakeNodeScanner(process.Time, order => IsHost(world, order.Host)
        ? world.Faults.Strikes(world.Faults.Rates.Cloud) ? ScanScript.Never : new ScanScript(world.Faults.IsActive ? world.Faults.UpTo(3) : TimeSpan.Zero, ["ssh-ed25519 " + order.Host])
        : world.Clouds.Values.Select(cloud => cloud.At(order.Host)).FirstOrDefault(server => server is { IsMute: false } && server.StateAt(world.Scheduler.Now) == FakeServerState.Active) is { } answers
            ? new ScanScript(world.Faults.IsActive ? world.Faults.UpTo(5) : TimeSpan.FromSeconds(1), ["ssh-ed25519 " + answers.Id])
            : ScanScript.Never);

    private static bool IsHost(SimWorld world, string name) =>
        world.Config.Providers.Any(provider => provider.Pools.Any(pool => pool.Machines.Any(machine => machine.Name == name)));
}
