using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>Ends a build before it fills the disk: what else lies there, the store perhaps, needs the rest.</summary>
/// <param name="time">Clock.</param>
/// <param name="reserveMegabytes">What is left to others, in MB.</param>
internal sealed class DiskWatch(TimeProvider time, long reserveMegabytes = 200)
{
    private const int LooksPerMeasure = 10;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>Refuses a build that would fill the disk.</summary>
    /// <param name="order">The build; what an earlier one took is the measure.</param>
    /// <param name="usualMegabytes">What a build needs of which nothing is known, in MB.</param>
    /// <exception cref="ImageBuildException">There is less room than it needs.</exception>
    public void Require(ImageBuildOrder order, long usualMegabytes)
    {
        var directory = Path.GetDirectoryName(order.OutputPath)!;
        var (needed, why) = order.ExpectedBytes is { } earlier
            ? ((earlier / 1_000_000) + reserveMegabytes, $" (an earlier build of this image took {earlier / 1_000_000} MB, and {reserveMegabytes} MB are left to others)")
            : (usualMegabytes, "");
        var free = FreeSpace.Megabytes(directory);
        if (free < needed)
            throw new ImageBuildException(
                $"not enough disk space: the build needs about {needed} MB in {directory}{why}, which has {free} MB free; delete old images there or set images-dir to a larger disk");
    }

    /// <summary>Runs a build and looks at the disk meanwhile.</summary>
    /// <returns>What the build took of the disk at most, in bytes; null when that could not be told.</returns>
    /// <exception cref="ImageBuildException">The disk ran full; the build has ended.</exception>
    public async Task<long?> RunAsync(ImageBuildOrder order, Func<CancellationToken, Task> build, CancellationToken ct)
    {
        var directory = Path.GetDirectoryName(order.OutputPath)!;
        var use = new DiskUse(order, time);
        using var full = new CancellationTokenSource();
        using var over = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, full.Token);
        var watching = WatchAsync(directory, use, full, over.Token);
        try
        {
            await build(either.Token);
            return await use.EndAsync(ct);
        }
        catch (OperationCanceledException) when (full.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new ImageBuildException(BuildFault.FullDisk(directory, order));
        }
        finally
        {
            await over.CancelAsync();
            await watching;
            await use.Look;
        }
    }

    private async Task WatchAsync(string directory, DiskUse use, CancellationTokenSource full, CancellationToken over)
    {
        using var timer = new PeriodicTimer(BetweenLooks, time);
        try
        {
            for (var look = 1; await timer.WaitForNextTickAsync(over); look++)
            {
                if (FreeSpace.Megabytes(directory) < reserveMegabytes)
                {
                    await full.CancelAsync();
                    return;
                }

                if (look % LooksPerMeasure == 0)
                    use.Begin(over);
            }
        }
        catch (OperationCanceledException)
        {
            // The build has ended.
        }
        catch (IOException)
        {
            // A disk that cannot be asked shows in the build itself.
        }
    }
}
