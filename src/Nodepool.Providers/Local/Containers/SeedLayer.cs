using Nodepool.Core.Providers;

namespace Nodepool.Providers.Local.Containers;

/// <summary>Writes seed files into the upper directory of an overlay.</summary>
internal static class SeedLayer
{
    private const UnixFileMode DirectoryMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Makes a directory with exactly mode 0755, whatever the umask is.</summary>
    public static void MakeDirectory(string path) => MakeDirectory(path, DirectoryMode);

    /// <summary>Writes the files, with exactly their modes.</summary>
    /// <exception cref="ProviderException">Rejected: a path leaves the node's root or goes through a link of the image.</exception>
    public static void Write(IEnumerable<SeedFile> files, string tree, string upper)
    {
        foreach (var file in files)
        {
            var parts = file.Path.Split('/');
            if (parts.Any(part => part is "" or "." or ".."))
                throw new ProviderException(ProviderFault.Rejected, $"the seed file '{file.Path}' has no plain path below the node's root");
            MakeParents(file.Path, parts.AsSpan(0, parts.Length - 1), tree, upper);
            WriteOne(file, Path.Combine(upper, file.Path));
        }
    }

    private static void MakeParents(string file, ReadOnlySpan<string> parts, string tree, string upper)
    {
        foreach (var part in parts)
        {
            tree = Path.Combine(tree, part);
            upper = Path.Combine(upper, part);
            var lower = new DirectoryInfo(tree);
            // A directory over a link would hide everything behind the link (lib -> usr/lib).
            if (lower.LinkTarget is { } target)
            {
                throw new ProviderException(
                    ProviderFault.Rejected, $"the seed file '{file}' goes through the image's link {part} -> {target}; seed the path behind it");
            }

            if (!Directory.Exists(upper))
                MakeDirectory(upper, lower.Exists ? lower.UnixFileMode : DirectoryMode);
        }
    }

    private static void MakeDirectory(string path, UnixFileMode mode)
    {
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, mode);
    }

    private static void WriteOne(SeedFile file, string path)
    {
        File.Delete(path);
        if (file.LinkTarget is not null)
        {
            File.CreateSymbolicLink(path, file.LinkTarget);
            return;
        }

        var mode = (UnixFileMode)file.Mode;
        // Private keys are among them: never wider than asked for, not even for a moment.
        using (var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
        {
            stream.Write(file.Content.Span);
        }

        File.SetUnixFileMode(path, mode);
    }
}
