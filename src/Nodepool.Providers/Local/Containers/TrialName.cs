using System.Globalization;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Containers;

/// <summary>Names things that are made for a moment so that what a killed process left is told from what others use just now.</summary>
internal static class TrialName
{
    private static readonly ProcessIdentity Self = ProcessIdentity.Of(Environment.ProcessId)!;
    private static int _count;

    /// <summary>A name that no other trial on this host has.</summary>
    public static string Next(string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{Self.Pid}-{Self.StartTime}-{Interlocked.Increment(ref _count)}");

    /// <summary>True when a name was made by <see cref="Next"/> in a process that is gone.</summary>
    public static bool IsAbandoned(string name, string prefix)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
            return false;
        var words = name[prefix.Length..].Split('-');
        return words.Length == 3
            && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && ulong.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            && !new ProcessIdentity(pid, start).IsAlive;
    }
}
