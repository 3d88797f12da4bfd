using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>Ends a build before it fills the disk: what else lies there, the store perhaps, needs the rest.</summary>
/// <param name="time">Clock.</param>
/// <param name="reserveMegabytes">What is left to others, in MB.</param>
internal sealed class DiskWatch(TimeProvider time, long reserveMegabytes = 200)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>Runs a build and looks at the disk meanwhile.</summary>
    /// <exception cref="ImageBuildException">The disk ran full; the build has ended.</exception>
    public async Task RunAsync(ImageBuildOrder order, Func<CancellationToken, Task> build, CancellationToken ct)
    {
        var directory = Path.GetDirectoryName(order.OutputPath)!;
        using var full = new CancellationTokenSource();
        using var over = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, full.Token);
        var watching = WatchAsync(directory, full, over.Token);
        try
        {
            await build(either.Token);
        }
        catch (OperationCanceledException) when (full.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new ImageBuildException(BuildFault.FullDisk(directory, order));
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private async Task WatchAsync(string directory, CancellationTokenSource full, CancellationToken over)
    {
        using var timer = new PeriodicTimer(BetweenLooks, time);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                if (FreeSpace.Megabytes(directory) < reserveMegabytes)
                {
                    await full.CancelAsync();
                    return;
                }
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
