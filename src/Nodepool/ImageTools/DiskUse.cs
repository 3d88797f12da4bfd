using System.Globalization;
using Nodepool.Core.Images;
using Nodepool.Providers.Processes;

namespace Nodepool.ImageTools;

/// <summary>
/// What a build takes of the disk at most, by looking at its files now and then: blocks, so a sparse image counts for what is in it. File systems that are
/// mounted below do not count, the images that they are in do. What is there for less than the time between two looks is missed.
/// </summary>
internal sealed class DiskUse(ImageBuildOrder order, TimeProvider time)
{
    private long _peak;

    /// <summary>The look that is going on, or the last one.</summary>
    public Task Look { get; private set; } = Task.CompletedTask;

    /// <summary>Looks, unless a look is going on.</summary>
    public void Begin(CancellationToken ct)
    {
        if (Look.IsCompleted)
            Look = LookAsync(ct);
    }

    /// <summary>Looks a last time.</summary>
    /// <returns>Bytes; null when they could not be told.</returns>
    public async Task<long?> EndAsync(CancellationToken ct)
    {
        await Look;
        await LookAsync(ct);
        return _peak > 0 ? _peak : null;
    }

    private async Task LookAsync(CancellationToken ct)
    {
        try
        {
            var paths = Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(order.OutputPath)!, Path.GetFileName(order.OutputPath) + ".*").ToArray();
            if (paths.Length == 0)
                return;
            var program = new ProcessOrder
            {
                Program = "du",
                Arguments = ["--summarize", "--total", "--one-file-system", "--block-size=1", "--", .. paths],
                CaptureOutput = true,
            };
            // Files that vanish meanwhile make it fail, and it counts the others all the same.
            var outcome = await ChildProcess.RunAsync(program, time, ct);
            var total = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("").Split('\t')[0];
            if (long.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
                _peak = Math.Max(_peak, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ProgramMissingException or OperationCanceledException)
        {
            // Only an estimate hangs on it.
        }
    }
}
