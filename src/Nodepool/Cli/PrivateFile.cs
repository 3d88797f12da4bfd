namespace Nodepool.Cli;

/// <summary>Files that only their owner may read, there whole or not at all.</summary>
internal static class PrivateFile
{
    /// <summary>Writes a file. Nobody else can read it at any moment, and a reader never sees a part of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="overwrite">Also over a file that is there.</param>
    /// <param name="id">Makes the name of the file in the making unique.</param>
    /// <exception cref="CliException">It is there already, or its directory is not.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool overwrite, string id)
    {
        if (File.Exists(path) && !overwrite)
        {
            throw Exists(path);
        }

        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory && !Directory.Exists(directory))
        {
            throw new CliException($"there is no directory {directory} to write {Path.GetFileName(path)} to: make it first");
        }

        var part = $"{path}.{id}.part";
        try
        {
            using (var stream = new FileStream(
                part, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            // Somebody made it while we wrote.
            throw Exists(path);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static CliException Exists(string path) => new($"{path} exists: --force overwrites it");
}
