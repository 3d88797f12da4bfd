using System.Globalization;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Status;

/// <summary>What running processes say of their configuration that needs a person.</summary>
internal static class ConfigProblems
{
    public static IEnumerable<string> Of(ClusterView view)
    {
        var processes = ProcessSection.Sorted(view).ToList();
        foreach (var process in processes.Where(process => process.RefusedSince is not null))
        {
            var more = process.ProblemCount > 1 ? $" (and {process.ProblemCount - 1} more: nodepool config-validate)" : "";
            yield return $"{Name(process)} keeps revision {process.Revision}: since {Time(process.RefusedSince!.Value)} the newest version of {process.ConfigFiles} is refused: {(process.Problems is [var first, ..] ? first : "reason unknown")}{more}";
        }

        // Processes of several hosts may well have files of their own; those of one host that name the same file should agree.
        foreach (var group in processes.Where(process => process is { RefusedSince: null, Digest.Length: > 0 }).GroupBy(process => (process.Hostname, process.ConfigFiles)))
        {
            if (group.DistinctBy(process => process.Digest).Count() > 1)
            {
                yield return $"processes on {group.Key.Hostname} work with different versions of {group.Key.ConfigFiles}: {string.Join(", ", group.Select(process => $"{process.ProcessId} with {process.Digest}"))}; send SIGHUP to the older, and see its log";
            }
        }
    }

    private static string Name(ProcessRecord process) => $"{string.Join(", ", process.Roles)} on {process.Hostname} (process {process.ProcessId})";

    private static string Time(double unix) =>
        DateTimeOffset.UnixEpoch.AddSeconds(unix).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
