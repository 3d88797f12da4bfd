using System.Globalization;
using System.Text;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Containers;

/// <summary>Finds processes of a container whose marks are not written yet: the path of its script is one of their arguments.</summary>
internal static class ScriptProcesses
{
    /// <summary>How often in a row a running process can be missed: while a program replaces itself by another it shows no arguments.</summary>
    public const int MostMisses = 1;

    /// <summary>The running process that has <paramref name="script"/> as an argument, the oldest when there are several, or null.</summary>
    public static ProcessIdentity? FindOldest(string script)
    {
        var wanted = Encoding.UTF8.GetBytes(script);
        ProcessIdentity? oldest = null;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && HasArgument(ReadArguments(directory), wanted)
                && ProcessIdentity.Of(pid) is { } process
                && (oldest is null || (process.StartTime, process.Pid).CompareTo((oldest.StartTime, oldest.Pid)) < 0))
                oldest = process;
        }

        return oldest;
    }

    /// <summary>True when <paramref name="wanted"/> is one of the arguments in the text of <c>/proc/PID/cmdline</c>, each ended by a zero byte.</summary>
    public static bool HasArgument(ReadOnlySpan<byte> commandLine, ReadOnlySpan<byte> wanted)
    {
        foreach (var range in commandLine.Split((byte)0))
        {
            if (commandLine[range].SequenceEqual(wanted))
                return true;
        }

        return false;
    }

    private static byte[] ReadArguments(string process)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(process, "cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
