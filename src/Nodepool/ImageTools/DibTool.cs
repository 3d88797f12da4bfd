using Nodepool.Core.Collections;
using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>Builds images with diskimage-builder.</summary>
/// <param name="time">Clock.</param>
/// <param name="requiredMegabytes">Room without which a build is not begun of which no earlier one tells how much it takes, in MB.</param>
/// <param name="watch">Ends a build that fills the disk; null for the usual one.</param>
internal sealed class DibTool(TimeProvider time, long requiredMegabytes = 2000, DiskWatch? watch = null) : IImageTool
{
    private readonly DiskWatch _watch = watch ?? new DiskWatch(time);

    /// <inheritdoc/>
    public string Name => "diskimage-builder";

    /// <inheritdoc/>
    public async Task<ImageBuildResult> BuildAsync(ImageBuildOrder order, IProgress<string> phase, CancellationToken ct)
    {
        if (order.Image.DibCommand.Count == 0)
            throw new ImageBuildException($"dib-cmd of diskimage '{order.Image.Name}' is empty; leave it out or name a program");
        ImagePrograms.Require([order.Image.DibCommand[0]], order.Image.EnvVars.GetValueOrDefault("PATH"));
        try
        {
            await using var work = await BuildWork.CreateAsync(order.OutputPath, time, ct);
            _watch.Require(order, requiredMegabytes);
            var scratch = Directory.CreateDirectory(work.PathOf("scratch")).FullName;
            var output = new DibOutput();
            var step = new BuildStep(order, work, time)
            {
                Environment = new ValueMap<string>([.. DibCommand.Environment(order, scratch), .. work.Environment]),
                Reasons = _ => output.Said,
            };
            phase.Report("starting diskimage-builder");
            var bytes = await _watch.RunAsync(order, token => RunAsync(order, step, output, phase, token), ct);
            RequireFiles(order);
            phase.Report("computing checksums");
            await ImageOutput.AddChecksumsAsync(order, ct);
            return ImageOutput.Result(order) with { DiskBytes = bytes };
        }
        catch (Exception e)
        {
            ImageOutput.Remove(order);
            if (e is IOException fault)
                throw new ImageBuildException(BuildFault.Describe(fault, order, order.OutputPath), fault);
            throw;
        }
    }

    private static async Task RunAsync(ImageBuildOrder order, BuildStep step, DibOutput output, IProgress<string> phase, CancellationToken ct)
    {
        try
        {
            await step.RunAsync(order.Image.DibCommand[0], DibCommand.Arguments(order), ct, onLine: line =>
            {
                if (output.PhaseOf(line) is { } begun)
                    phase.Report(begun);
            });
        }
        catch (ImageBuildException e)
        {
            throw new ImageBuildException(e.Message, e) { FailedIn = output.Script is { } script ? DibElements.Describe(order, script) : null, LastLines = output.Said };
        }
    }

    private static void RequireFiles(ImageBuildOrder order)
    {
        var missing = order.Formats.Select(format => ImageOutput.PathOf(order, format)).Where(file => !File.Exists(file)).ToList();
        if (missing.Count > 0)
            throw new ImageBuildException(
                $"{order.Image.DibCommand[0]} reported success but did not write {string.Join(", ", missing)}; check that dib-cmd passes its arguments on; the log is {order.LogPath}");
    }
}
