using System.Globalization;

namespace Nodepool.Roles;

/// <summary>The terminal that the process was started from, if any: it tells the two meanings of SIGHUP apart.</summary>
/// <remarks>
/// The kernel takes a terminal that is closed away from all processes of its session before it sends SIGHUP. So a process that had one when it
/// started and has none now is told that its terminal has gone; in all other cases somebody has sent the signal, and wants a reload.
/// </remarks>
internal sealed class ControllingTerminal
{
    private readonly bool _hadOne = Number() != 0;

    /// <summary>SIGHUP was ignored when the process was started, as nohup(1) does: it is to outlive its terminal.</summary>
    public bool IsOutlived { get; } = IgnoresHangup();

    /// <summary>It had a terminal, and that has been closed.</summary>
    public bool IsGone => _hadOne && Number() == 0;

    /// <summary>Field 7 of proc_pid_stat(5): the device, or 0.</summary>
    private static int Number()
    {
        var stat = Read("/proc/self/stat");

        // Field 2, the name, is in brackets and may hold blanks and brackets itself: the last closing one ends it.
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 4 && int.TryParse(fields[4], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    /// <summary>Bit 0 of SigIgn, a hexadecimal mask, is signal 1.</summary>
    private static bool IgnoresHangup() =>
        Read("/proc/self/status").Split('\n').FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line
        && ulong.TryParse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask)
        && (mask & 1) != 0;

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without /proc nothing is known, and SIGHUP means reload.
            return "";
        }
    }
}
