using Nodepool.Core.Images;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model.Transitions;

namespace Nodepool.Testing.Simulation;

/// <summary>A builder: the product's own code over a simulated disk and image tool.</summary>
internal static class SimBuilder
{
    /// <summary>Runs it for ever.</summary>
    public static void Start(SimWorld world, string name)
    {
        var disk = world.Disks[$"id-of-{name}"] = new SimDisk($"id-of-{name}");
        new SimDaemon(world, name, Actors.Builder | Actors.Cleanup, (process, engine, feed, configurations, ct) =>
        {
            var options = new BuilderOptions { Hostname = name, Version = "sim", UploadWorkers = 2 };
            var tools = new BuildTools([new SimImageTool(world, process, disk)], new SimBuildLogs()) { Converter = new SimConverter(world, process, disk) };
            var context = new BuilderContext(engine, feed, process.Sources, new SimLog(world, process), tools, new SimHook(world, process), options);
            return new BuilderRole(context, _ => disk, config => world.Open(process, config), configurations).RunAsync(ct);
        }).Start();
    }
}
