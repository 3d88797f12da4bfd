using System.Globalization;
using System.Text;

namespace Nodepool.Providers.Processes;

/// <summary>
/// Finds the processes of a piece of work by a variable in the environment that it was begun with: children inherit it, however far they have
/// moved from their parents.
/// </summary>
/// <remarks>
/// sudo(8) takes the variable from what it starts. So whoever is in a session with a process that carries it belongs to it too, and whoever
/// descends from one; and whoever has a root directory inside the work's, as daemons have that a package started in a chroot. Of another user's
/// processes only the arguments can be read: they belong to it when these name a file in the work's directory.
/// </remarks>
public static class MarkedProcesses
{
    /// <summary>Processes that were started with <c>name=directory</c>, and who belongs to them, as far as this user may look.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="directory">Its value: the directory of the work, absolute.</param>
    public static IReadOnlyList<ProcessIdentity> Find(string name, string directory)
    {
        var mark = Encoding.UTF8.GetBytes($"{name}={directory}\0");
        var all = Running();
        var found = all.Keys.Where(pid => Carries(pid, mark)).ToHashSet();
        // Whatever ChildProcess begins has a session of its own; what only has its root there may be in anybody's.
        var sessions = found.Select(pid => all[pid].Session).ToHashSet();
        found.UnionWith(all.Keys.Where(pid => HasRootBelow(pid, directory) || IsForeignAndNames(pid, directory)));
        while (all.Where(process => !found.Contains(process.Key) && (found.Contains(process.Value.Parent) || sessions.Contains(process.Value.Session))).ToList() is { Count: > 0 } more)
        {
            found.UnionWith(more.Select(process => process.Key));
        }

        return [.. found.Select(pid => new ProcessIdentity(pid, all[pid].StartTime))];
    }

    private static Dictionary<int, ProcStat> Running()
    {
        var all = new Dictionary<int, ProcStat>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && ProcStat.Read(pid) is { Runs: true } stat)
                all[pid] = stat;
        }

        return all;
    }

    private static bool Carries(int pid, byte[] mark)
    {
        try
        {
            var environment = File.ReadAllBytes(Entry(pid, "environ"));
            var at = environment.AsSpan().IndexOf(mark);
            return at == 0 || (at > 0 && environment[at - 1] == 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or another user's.
            return false;
        }
    }

    private static bool HasRootBelow(int pid, string directory)
    {
        try
        {
            return new FileInfo(Entry(pid, "root")).LinkTarget?.StartsWith(directory + "/", StringComparison.Ordinal) == true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsForeignAndNames(int pid, string directory)
    {
        try
        {
            if (!Environment.IsPrivilegedProcess)
                File.OpenRead(Entry(pid, "environ")).Dispose();
        }
        catch (UnauthorizedAccessException)
        {
            return ReadText(pid, "cmdline").Contains(directory + "/", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // Ended meanwhile.
        }

        return false;
    }

    private static string ReadText(int pid, string name)
    {
        try
        {
            return File.ReadAllText(Entry(pid, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Entry(int pid, string name) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{name}");
}
