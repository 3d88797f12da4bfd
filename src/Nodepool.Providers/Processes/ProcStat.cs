using System.Globalization;

namespace Nodepool.Providers.Processes;

/// <summary>The fields of <c>/proc/PID/stat</c> that tell one process from another (proc_pid_stat(5)).</summary>
/// <param name="State">Field 3; Z is a zombie, X dead.</param>
/// <param name="Session">Field 6.</param>
/// <param name="StartTime">Field 22: clock ticks since boot.</param>
internal readonly record struct ProcStat(char State, int Session, ulong StartTime)
{
    /// <summary>False for a zombie: it holds nothing but its number.</summary>
    public bool Runs => State is not ('Z' or 'X' or 'x');

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
            && int.TryParse(fields[3], CultureInfo.InvariantCulture, out var session)
            && ulong.TryParse(fields[19], CultureInfo.InvariantCulture, out var start)
            ? new ProcStat(fields[0][0], session, start)
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
