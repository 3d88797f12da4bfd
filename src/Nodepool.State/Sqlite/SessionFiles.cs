using System.Globalization;
using Nodepool.Core.State;

namespace Nodepool.State.Sqlite;

/// <summary>
/// The files by which a session shows that its process lives. The process keeps the session's file open under an exclusive
/// <c>flock</c>; the kernel drops that lock when the process ends in whatever way, and nobody has to believe a process id,
/// which may have been given to another process since. .NET opens files so that child processes do not inherit them
/// (<c>O_CLOEXEC</c>), so a child that outlives us does not keep our session alive.
/// </summary>
internal sealed class SessionFiles(StoreFile store)
{
    /// <summary>Makes and locks the file of a new session.</summary>
    /// <returns>The locked file; null when another process, left over from an earlier store of this name, holds it.</returns>
    public FileStream? Lock(long id)
    {
        try
        {
            OwnFiles.MakeDirectory(store.SessionDirectory);
            var file = Open(id, FileMode.OpenOrCreate);
            if (file is not null)
            {
                RequireLocks(id, file);
                RandomAccess.Write(file.SafeFileHandle, System.Text.Encoding.ASCII.GetBytes($"pid {Environment.ProcessId}\n"), 0);
            }

            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteFault.Of(e, store.Path);
        }
    }

    /// <summary>Whether the session's file is where its process left it.</summary>
    public bool Exists(long id) => File.Exists(PathOf(id));

    /// <summary>Takes the file of a session whose process is dead.</summary>
    /// <param name="id">The session.</param>
    /// <param name="file">The file, locked by us now; null when it is missing, which also means that nobody lives.</param>
    /// <returns>False when the session lives, or that cannot be told.</returns>
    public bool TryClaim(long id, out FileStream? file)
    {
        file = null;
        try
        {
            file = Open(id, FileMode.Open);
            return file is not null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether the session's process is dead.</summary>
    public bool IsDead(long id)
    {
        var dead = TryClaim(id, out var file);
        file?.Dispose();
        return dead;
    }

    /// <summary>Removes the file of a session that has ended; the caller holds its lock.</summary>
    public void Remove(long id)
    {
        try
        {
            File.Delete(PathOf(id));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file without a session means nothing; Sweep takes it away some day.
        }
    }

    /// <summary>
    /// Removes files without a session. The caller holds the right to write the store, so that no session can be beginning.
    /// </summary>
    public void Sweep(Func<long, bool> hasSession)
    {
        if (!Directory.Exists(store.SessionDirectory))
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(store.SessionDirectory))
        {
            if (long.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && !hasSession(id)
                && TryClaim(id, out var file))
            {
                Remove(id);
                file?.Dispose();
            }
        }
    }

    private string PathOf(long id) => Path.Combine(store.SessionDirectory, id.ToString(CultureInfo.InvariantCulture));

    private FileStream? Open(long id, FileMode mode)
    {
        const int WouldBlock = 11;
        try
        {
            return OwnFiles.Open(PathOf(id), mode, FileShare.None);
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
    }

    /// <summary>Some network file systems accept locks and ignore them: then nobody could tell the living from the dead.</summary>
    private void RequireLocks(long id, FileStream file)
    {
        var second = Open(id, FileMode.Open);
        if (second is null)
        {
            return;
        }

        second.Dispose();
        file.Dispose();
        throw new StateException(
            StateFault.Unavailable,
            store.Path,
            $"The file system of {store.SessionDirectory} does not support file locks, which sessions rest on: put the state store on a local file system.");
    }
}
