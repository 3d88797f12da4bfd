using System.Collections.Frozen;

namespace Nodepool.Providers.Processes;

/// <summary>Where programs are on this host, and which Debian package brings them.</summary>
public static class Programs
{
    // An ordinary user's PATH lacks these, yet mke2fs and what dpkg calls live there.
    private static readonly string[] SystemDirectories = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    private static readonly FrozenDictionary<string, string> Packages = new Dictionary<string, string>
    {
        ["disk-image-create"] = "python3-diskimage-builder",
        ["mke2fs"] = "e2fsprogs",
        ["mmdebstrap"] = "mmdebstrap",
        ["mount"] = "mount",
        ["newgidmap"] = "uidmap",
        ["newuidmap"] = "uidmap",
        ["qemu-img"] = "qemu-utils",
        ["qemu-system-x86_64"] = "qemu-system-x86",
        ["setpriv"] = "util-linux",
        ["setsid"] = "util-linux",
        ["sh"] = "dash",
        ["ssh"] = "openssh-client",
        ["ssh-keygen"] = "openssh-client",
        ["sshd"] = "openssh-server",
        ["tar"] = "tar",
        ["unshare"] = "util-linux",
    }.ToFrozenDictionary();

    /// <summary>PATH of this process with the system directories that it lacks at the end; children get it.</summary>
    public static string SearchPath => Extend(Environment.GetEnvironmentVariable("PATH"));

    /// <summary>The Debian package that has <paramref name="program"/>, or null when it is not one that the product uses.</summary>
    public static string? PackageOf(string program) => Packages.GetValueOrDefault(Path.GetFileName(program));

    /// <summary>Absolute path of an executable file, or null.</summary>
    /// <param name="program">A name, or a path (with a slash), which is taken as it is.</param>
    /// <param name="searchPath">Directories separated by colons; null is <see cref="SearchPath"/>.</param>
    public static string? Find(string program, string? searchPath = null)
    {
        if (program.Contains('/'))
            return IsExecutable(program) ? Path.GetFullPath(program) : null;
        foreach (var directory in (searchPath is null ? SearchPath : Extend(searchPath)).Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var candidate = Path.Combine(directory, program);
            if (IsExecutable(candidate))
                return candidate;
        }

        return null;
    }

    /// <summary>As <see cref="Find"/>.</summary>
    /// <exception cref="ProgramMissingException">There is none.</exception>
    public static string Require(string program, string? searchPath = null) =>
        Find(program, searchPath) ?? throw new ProgramMissingException(program, PackageOf(program));

    internal static string Extend(string? path)
    {
        var directories = (path ?? "/usr/local/bin:/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries).ToList();
        directories.AddRange(SystemDirectories.Except(directories));
        return string.Join(':', directories);
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (File.GetUnixFileMode(path) & Execute) != 0;
    }
}
