using Nodepool.Core;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Local;

/// <summary>A lock on a file that processes of this host share; the kernel releases it when its holder dies.</summary>
internal sealed class FileLock : IDisposable
{
    /// <summary>Locks of one kind are spread over so many files: none is ever deleted, because a lock on a deleted file excludes nobody.</summary>
    private const int Stripes = 64;

    // errno of flock(2) when somebody else has the lock; .NET passes it on.
    private const int WouldBlock = 11;

    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IDisposable _handle;

    private FileLock(IDisposable handle) => _handle = handle;

    /// <summary>The path of the lock that guards one name among many.</summary>
    public static string PathFor(LocalPaths paths, string family, string name) =>
        Path.Combine(paths.Locks, $"{family}-{StableHash.Of(name) % Stripes}");

    /// <summary>Waits for the lock; its directory is made.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFault.Unavailable"/>: somebody holds it for too long.</exception>
    public static async ValueTask<FileLock> AcquireAsync(string path, TimeProvider time, CancellationToken ct)
    {
        for (var began = time.GetTimestamp(); ; await Task.Delay(PollPeriod, time, ct))
        {
            ct.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } taken)
                return taken;
            if (time.GetElapsedTime(began) > Patience)
                throw new ProviderException(ProviderFault.Unavailable, $"another process works on the same node or image for more than {Patience.TotalSeconds:0} s (it holds {path}); it is tried again");
        }
    }

    /// <summary>The lock, or null when somebody else has it.</summary>
    public static FileLock? TryAcquire(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return new FileLock(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
    }

    public void Dispose() => _handle.Dispose();
}
