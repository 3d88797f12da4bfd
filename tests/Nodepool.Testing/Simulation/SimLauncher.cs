using Nodepool.Core.Launching;
using Nodepool.Core.Model.Transitions;

namespace Nodepool.Testing.Simulation;

/// <summary>A launcher: the product's own code over simulated clouds.</summary>
internal static class SimLauncher
{
    /// <summary>Runs it for ever.</summary>
    public static void Start(SimWorld world, string name) =>
        new SimDaemon(world, name, Actors.Launcher | Actors.Cleanup, (process, engine, feed, configurations, ct) =>
        {
            var context = new LauncherContext(engine, feed, process.Sources, new SimLog(world, process), SimScanner.Of(world, process), name, "sim");
            return new LauncherRole(context, config => world.Open(process, config, feed), configurations).RunAsync(ct);
        }).Start();
}
