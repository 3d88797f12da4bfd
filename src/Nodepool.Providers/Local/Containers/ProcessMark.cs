using System.Globalization;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Containers;

/// <summary>What the container script records about itself: process number, start time, id of the boot.</summary>
internal static class ProcessMark
{
    /// <summary>Id of this boot: numbers and start times of another one mean nothing.</summary>
    public static string Boot { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>The process that a file names if it still runs; null when there is no file, no such process or another boot.</summary>
    public static ProcessIdentity? ReadAlive(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        return Parse(text, Boot) is { IsAlive: true } process ? process : null;
    }

    /// <summary>The process that a text names, or null when it is damaged or of another boot.</summary>
    public static ProcessIdentity? Parse(string text, string boot)
    {
        var words = text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 3
            && words[2] == boot
            && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && ulong.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? new ProcessIdentity(pid, start)
            : null;
    }
}
