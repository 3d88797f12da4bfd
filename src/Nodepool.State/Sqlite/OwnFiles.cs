namespace Nodepool.State.Sqlite;

/// <summary>Makes files and directories that only their owner may use: the store holds credentials of nodes.</summary>
internal static class OwnFiles
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a directory and those above it that are missing.</summary>
    public static void MakeDirectory(string path) => Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);

    /// <summary>Opens a file for reading and writing, unbuffered.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Whether it is made when it is missing.</param>
    /// <param name="share"><see cref="FileShare.None"/> takes the exclusive lock of the file as well (<c>flock</c>).</param>
    public static FileStream Open(string path, FileMode mode, FileShare share) => new(path, new FileStreamOptions
    {
        Mode = mode,
        Access = FileAccess.ReadWrite,
        Share = share,
        UnixCreateMode = mode == FileMode.Open ? null : Owner,
        BufferSize = 0,
    });
}
