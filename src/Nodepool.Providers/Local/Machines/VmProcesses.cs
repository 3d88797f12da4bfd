using System.Globalization;
using System.Text;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Machines;

/// <summary>Finds the QEMU of an instance's directory by its command line: that survives every crash and cannot be another's.</summary>
internal static class VmProcesses
{
    /// <summary>The process that wrote the pid file, or null when it does not run (any more).</summary>
    public static ProcessIdentity? Find(VmFiles files) =>
        ReadPid(files.PidFile) is { } pid && Serves(pid, files) ? ProcessIdentity.Of(pid) : null;

    /// <summary>All processes that work for the directory, also those that a starter which died has not brought up yet.</summary>
    public static IReadOnlyList<ProcessIdentity> All(VmFiles files)
    {
        var found = new List<ProcessIdentity>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && Serves(pid, files) && ProcessIdentity.Of(pid) is { } identity)
                found.Add(identity);
        }

        return found;
    }

    /// <summary>Whether a command line (arguments that end with NUL) is that of the directory's QEMU.</summary>
    public static bool Serves(ReadOnlySpan<byte> commandLine, VmFiles files)
    {
        var wanted = Encoding.UTF8.GetBytes($"\0-pidfile\0{files.PidFile}\0");
        return commandLine.IndexOf(wanted) >= 0;
    }

    private static bool Serves(int pid, VmFiles files)
    {
        try
        {
            return Serves(File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline")), files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is hidden from us: then it is not ours.
            return false;
        }
    }

    private static int? ReadPid(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
