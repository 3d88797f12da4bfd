using Nodepool.Core.Images;

namespace Nodepool.Testing.Simulation;

/// <summary>An image tool that takes its time, sometimes too long, and sometimes fails; what it has written when its process dies stays.</summary>
internal sealed class SimImageTool(SimWorld world, SimProcess process, SimDisk disk) : IImageTool
{
    public string Name => "diskimage-builder";

    public async Task<ImageBuildResult> BuildAsync(ImageBuildOrder order, IProgress<string> phase, CancellationToken ct)
    {
        disk.Write(order.OutputPath, isComplete: false);
        phase.Report("packages");
        try
        {
            var takes = TimeSpan.FromSeconds(10) + (world.Faults.IsActive ? world.Faults.UpTo(150) : TimeSpan.Zero);
            await Task.Delay(takes, process.Time, ct);
            if (world.Faults.Strikes(world.Faults.Rates.Cloud))
            {
                throw new ImageBuildException("the simulated tool failed");
            }
        }
        catch
        {
            disk.Erase(order.OutputPath);
            throw;
        }

        disk.Write(order.OutputPath, order.Formats);
        return new ImageBuildResult(order.Formats.ToDictionary(format => format, format => $"{order.OutputPath}.{format}"));
    }
}
