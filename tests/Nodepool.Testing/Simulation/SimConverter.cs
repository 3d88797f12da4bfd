using Nodepool.Core.Images;

namespace Nodepool.Testing.Simulation;

/// <summary>Makes formats of finished files; takes its time, and fails now and then. What it was at when its process dies is not there.</summary>
internal sealed class SimConverter(SimWorld world, SimProcess process, SimDisk disk) : IImageConverter
{
    public bool CanConvert(string from, string to) => from != to;

    public async Task ConvertAsync(string source, ImageBuildOrder order, IProgress<string> phase, CancellationToken ct)
    {
        phase.Report("converting");
        await Task.Delay(TimeSpan.FromSeconds(3) + (world.Faults.IsActive ? world.Faults.UpTo(60) : TimeSpan.Zero), process.Time, ct);
        if (world.Faults.Strikes(world.Faults.Rates.Cloud))
        {
            throw new ImageBuildException("the simulated converter failed");
        }

        disk.Write(order.OutputPath, order.Formats);
        world.Tally.Conversions++;
    }
}
