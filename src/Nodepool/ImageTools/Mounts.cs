using System.Globalization;
using System.Text.RegularExpressions;

namespace Nodepool.ImageTools;

/// <summary>Mount points of this process, from <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)).</summary>
internal static partial class Mounts
{
    /// <summary>Mount points at or below a directory, the innermost first.</summary>
    public static IReadOnlyList<string> Below(string directory) => Below(directory, File.ReadAllText("/proc/self/mountinfo"));

    internal static IReadOnlyList<string> Below(string directory, string mountinfo) =>
        [.. mountinfo.Split('\n')
            .Select(line => line.Split(' '))
            .Where(fields => fields.Length > 5)
            .Select(fields => Unescape(fields[4]))
            .Where(point => point == directory || point.StartsWith(directory + "/", StringComparison.Ordinal))
            .Reverse()];

    private static string Unescape(string field) =>
        Octal().Replace(field, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Octal();
}
