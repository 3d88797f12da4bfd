using System.Collections.Concurrent;
using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>
/// Compares image files with the checksums beside them. A file that has not changed since is not read again, and whoever asks while it is read waits for
/// that: uploads of a build to many providers, which begin together, read it once for this.
/// </summary>
/// <param name="compute">Reads a file and compares it; see <see cref="Checksums.VerifyAsync"/>.</param>
internal sealed class VerifiedFiles(Func<string, CancellationToken, Task<ImageChecksums>> compute)
{
    private readonly ConcurrentDictionary<string, Verification> _files = new(StringComparer.Ordinal);

    /// <summary>The checksums that a file has now.</summary>
    /// <exception cref="ImageBuildException">It is not what was built, or cannot be read.</exception>
    public async ValueTask<ImageChecksums> VerifyAsync(string path, CancellationToken ct)
    {
        while (true)
        {
            var mine = new Verification(Stamp(path), new TaskCompletionSource<ImageChecksums>(TaskCreationOptions.RunContinuationsAsynchronously));
            var found = _files.AddOrUpdate(path, mine, (_, known) => known.Stamp == mine.Stamp ? known : mine);
            if (ReferenceEquals(found, mine))
            {
                return await RunAsync(path, mine, ct);
            }

            try
            {
                return await found.Sums.Task.WaitAsync(ct);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                // Who was reading it was told to stop: our turn.
            }
        }
    }

    /// <summary>Forgets a file that is removed.</summary>
    public void Forget(string path) => _files.TryRemove(path, out _);

    private async ValueTask<ImageChecksums> RunAsync(string path, Verification mine, CancellationToken ct)
    {
        try
        {
            mine.Sums.SetResult(await compute(path, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            _files.TryRemove(KeyValuePair.Create(path, mine));
            mine.Sums.SetCanceled(ct);
        }
        catch (Exception e)
        {
            // It is so for all who wait. What is wrong now may be put right, so the next one looks anew.
            _files.TryRemove(KeyValuePair.Create(path, mine));
            mine.Sums.SetException(e is IOException or UnauthorizedAccessException ? Unreadable(path, e) : e);
        }

        return await mine.Sums.Task;
    }

    private static (long Length, DateTime Written) Stamp(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return (file.Length, file.LastWriteTimeUtc);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    private static ImageBuildException Unreadable(string path, Exception e) => new($"{path} cannot be read: {e.Message}", e);

    /// <summary>Of a file as it was then; its sums, when they are known.</summary>
    private sealed record Verification((long Length, DateTime Written) Stamp, TaskCompletionSource<ImageChecksums> Sums);
}
