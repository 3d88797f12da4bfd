using Nodepool.Core.Images;
using Nodepool.Providers.Processes;

namespace Nodepool.ImageTools;

/// <summary>Says in one sentence why a build failed and what to do.</summary>
internal static class BuildFault
{
    private const int MostReasons = 3;

    private const string CheckPackages = "correct the name, in 'packages' of this diskimage or in its elements";
    private const string CheckMirror = "check that the mirror, of /etc/apt or DIB_DISTRIBUTION_MIRROR, can be reached from here";
    private const string CheckRelease = "check 'release' of this diskimage and the mirror, of /etc/apt or DIB_DISTRIBUTION_MIRROR";

    private static readonly (string Sign, string Remedy)[] Remedies =
    [
        ("Unable to locate package", CheckPackages),
        ("has no installation candidate", CheckPackages),
        ("Could not resolve", CheckMirror),
        ("Temporary failure resolving", CheckMirror),
        ("Failed to fetch", CheckMirror),
        ("Failed getting release file", CheckRelease),
        ("does not have a Release file", CheckRelease),
        ("MissingElementException", "correct 'elements' of this diskimage, or 'elements-dir'"),
        ("MissingOSException", "name an element that makes a tree in 'elements' of this diskimage, such as debian-minimal"),
        ("sudo: command not found", "apt-get install sudo: diskimage-builder needs it, also as root"),
    ];

    // What is said whatever becomes of it, or says only that something below has failed.
    private static readonly string[] Harmless = ["Can not write log (Is /dev/pts mounted?)", "apt download failed", "mmdebstrap failed to run"];

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

    /// <summary>The lines that programs of Debian mark as errors (<c>E: …</c>), or the last line, of a trace of the shell only when there is nothing else.</summary>
    internal static string Reason(string lastLines)
    {
        var lines = lastLines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var marked = lines.Where(line => line.StartsWith("E: ", StringComparison.Ordinal)).Select(line => line[3..])
            .Where(line => !Harmless.Any(words => line.Contains(words, StringComparison.Ordinal))).ToList();
        return marked.Count > 0
            ? string.Join("; ", marked.Take(MostReasons))
            : lines.LastOrDefault(line => !line.StartsWith('+')) ?? lines.LastOrDefault("");
    }

    private static bool IsFullDisk(string text) =>
        text.Contains(FreeSpace.FullDisk, StringComparison.OrdinalIgnoreCase)
        || text.Contains("don't have enough free space", StringComparison.Ordinal);
}
