using System.Globalization;

namespace Nodepool.Providers.Processes;

/// <summary>The fields of <c>/proc/PID/stat</c> that tell one process from another (proc_pid_stat(5)).</summary>
/// <param name="State">Field 3; Z is a zombie, X dead.</param>
/// <param name="Session">Field 6.</param>
/// <param name="StartTime">Field 22: clock ticks since boot.</param>
/// <param name="Threads">Field 20: number of threads that have not ended.</param>
/// <param name="Parent">Field 4; the first process, or another that adopts, when its own has ended.</param>
internal readonly record struct ProcStat(char State, int Session, ulong StartTime, int Threads = 1, int Parent = 0)
{
    /// <summary>
    /// False for a zombie: it holds nothing but its number. A first thread that ended is a zombie too while others still run, and
    /// ports and file locks are released by the last of them only.
    /// </summary>
    public bool Runs => State is not ('Z' or 'X' or 'x') || Threads > 1;

    /// <summary>Reads the entry of a process, or null when there is none.</summary>
    public static ProcStat? Read(int pid)
    {
        try
        {
            return Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone, or (ESRCH) gone between open and read.
            return null;
        }
    }

    /// <summary>Reads the text of the file, or null when it is not of that form.</summary>
    public static ProcStat? Parse(string text)
    {
        // Field 2, the name, is in brackets and may itself hold blanks and brackets: the last closing one ends it.
        var end = text.LastIndexOf(')');
        if (end < 0)
            return null;
        var fields = text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19
            && int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent)
            && int.TryParse(fields[3], CultureInfo.InvariantCulture, out var session)
            && int.TryParse(fields[17], CultureInfo.InvariantCulture, out var threads)
            && ulong.TryParse(fields[19], CultureInfo.InvariantCulture, out var start)
            ? new ProcStat(fields[0][0], session, start, threads, parent)
            : null;
    }

    /// <summary>Running processes of a session.</summary>
    public static IReadOnlyList<int> InSession(int session)
    {
        var members = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid)
                && Read(pid) is { Runs: true } stat && stat.Session == session)
                members.Add(pid);
        }

        return members;
    }
}
