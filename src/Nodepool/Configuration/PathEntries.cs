namespace Nodepool.Configuration;

/// <summary>
/// The directory entries that the content of a path hangs on: the file, the directory that it is in, and every symbolic link on the way, wherever
/// it lies. Kubernetes swaps such a link (<c>..data</c>) beside the file's own.
/// </summary>
internal static class PathEntries
{
    private const int MostLinks = 40;

    /// <summary>The entries of an absolute path, in the order in which the kernel looks them up; those that do not exist (yet) included.</summary>
    public static IReadOnlyList<(string Directory, string Name)> Of(string path)
    {
        var entries = new List<(string Directory, string Name)>();
        var directory = "/";
        var left = new Stack<string>();
        Push(path);
        for (var links = 0; left.TryPop(out var name);)
        {
            var full = Path.Combine(directory, name);
            if (name == "..")
            {
                directory = Path.GetDirectoryName(directory) ?? "/";
            }
            else if (links < MostLinks && LinkTarget(full) is { } target)
            {
                links++;
                entries.Add((directory, name));
                directory = Path.IsPathRooted(target) ? "/" : directory;
                Push(target);
            }
            else
            {
                if (left.Count <= 1)
                {
                    entries.Add((directory, name));
                }

                directory = full;
            }
        }

        return entries;

        void Push(string parts)
        {
            foreach (var part in parts.Split('/').Reverse().Where(part => part is not ("" or ".")))
            {
                left.Push(part);
            }
        }
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
