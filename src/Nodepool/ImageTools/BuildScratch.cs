namespace Nodepool.ImageTools;

/// <summary>
/// Where mmdebstrap unpacks. Usually a directory of the build's work; when an ordinary user builds below a directory that others may not enter (a
/// home with mode 0700), the mapped users of mmdebstrap's namespace could not either: then one below the system's temporary directory.
/// </summary>
internal sealed class BuildScratch : IAsyncDisposable
{
    private const UnixFileMode Enter = UnixFileMode.OtherExecute;
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TimeProvider _time;

    private BuildScratch(string root, TimeProvider time)
    {
        Root = root;
        _time = time;
    }

    /// <summary>Absolute path.</summary>
    public string Root { get; }

    /// <summary>Where the scratch of a work directory is when it cannot be below it.</summary>
    public static string Outside(string workDirectory) => Path.Combine(Path.GetTempPath(), Path.GetFileName(workDirectory));

    /// <summary>Makes the directory.</summary>
    public static BuildScratch Create(BuildWork work, TimeProvider time)
    {
        var root = Environment.IsPrivilegedProcess || MayAllEnter(work.Root)
            ? work.PathOf("scratch")
            : Outside(work.Root);
        Directory.CreateDirectory(root);
        File.SetUnixFileMode(root, Everybody);
        return new BuildScratch(root, time);
    }

    /// <summary>Writes an executable script.</summary>
    public async Task<string> WriteScriptAsync(string name, string text, CancellationToken ct)
    {
        var path = Path.Combine(Root, name);
        await File.WriteAllTextAsync(path, text, ct);
        File.SetUnixFileMode(path, Everybody);
        return path;
    }

    /// <summary>Removes it.</summary>
    public async ValueTask DisposeAsync() => await BuildRemains.RemoveAsync(Root, _time);

    private static bool MayAllEnter(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            if ((at.UnixFileMode & Enter) == 0)
                return false;
        }

        return true;
    }
}
