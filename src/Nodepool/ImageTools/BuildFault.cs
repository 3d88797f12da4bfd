using Nodepool.Core.Images;
using Nodepool.Providers.Processes;

namespace Nodepool.ImageTools;

/// <summary>Says in one sentence why a build failed and what to do.</summary>
internal static class BuildFault
{
    private const int MostReasons = 3;

    private static readonly (string Sign, string Remedy)[] Remedies =
    [
        ("Unable to locate package", "correct 'packages' of this diskimage"),
        ("has no installation candidate", "correct 'packages' of this diskimage"),
        ("Could not resolve", "check that the mirror in /etc/apt can be reached from here"),
        ("Temporary failure resolving", "check that the mirror in /etc/apt can be reached from here"),
        ("Failed to fetch", "check that the mirror in /etc/apt can be reached from here"),
        ("does not have a Release file", "check 'release' of this diskimage and the mirror in /etc/apt"),
    ];

    /// <summary>A program that failed.</summary>
    public static string Describe(string program, ProcessOutcome outcome, ImageBuildOrder order, string directory)
    {
        if (IsFullDisk(outcome.LastLines))
            return FullDisk(Path.GetDirectoryName(directory)!, order);
        var reason = Reason(outcome.LastLines);
        var remedy = Remedies.FirstOrDefault(pair => reason.Contains(pair.Sign, StringComparison.Ordinal)).Remedy;
        return $"{program} failed with exit status {outcome.ExitCode}{(reason.Length == 0 ? "" : ": " + reason)}; "
            + $"{(remedy is null ? "" : remedy + "; ")}the log is {order.LogPath}";
    }

    /// <summary>A file that could not be read or written.</summary>
    public static string Describe(IOException fault, ImageBuildOrder order, string directory) =>
        IsFullDisk(fault.Message) ? FullDisk(Path.GetDirectoryName(directory)!, order) : $"{fault.Message.TrimEnd('.')}; the log is {order.LogPath}";

    /// <summary>A disk on which there is no room any more.</summary>
    /// <param name="directory">What lies on it; it exists.</param>
    /// <param name="order">The build.</param>
    public static string FullDisk(string directory, ImageBuildOrder order) =>
        $"the disk of {directory} is full ({FreeSpace.Megabytes(directory)} MB are free now that the build has stopped); "
        + $"delete old images there or set images-dir to a larger disk; the log is {order.LogPath}";

    /// <summary>The lines that programs of Debian mark as errors (<c>E: …</c>), or the last line.</summary>
    internal static string Reason(string lastLines)
    {
        var lines = lastLines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var marked = lines.Where(line => line.StartsWith("E: ", StringComparison.Ordinal)).Select(line => line[3..]).ToList();
        // What follows the first ones is each caller's "the one below me failed".
        return marked.Count > 0
            ? string.Join("; ", marked.Where(line => !line.Contains("apt download failed", StringComparison.Ordinal) && line != "mmdebstrap failed to run").Take(MostReasons).DefaultIfEmpty(marked[0]))
            : lines.LastOrDefault("");
    }

    private static bool IsFullDisk(string text) =>
        text.Contains(FreeSpace.FullDisk, StringComparison.OrdinalIgnoreCase)
        || text.Contains("don't have enough free space", StringComparison.Ordinal);
}
