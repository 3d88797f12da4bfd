namespace Nodepool.ImageTools;

/// <summary>Loop devices of this host, from <c>/sys/block/loopN/loop/backing_file</c> (loop(4)).</summary>
internal static class LoopDevices
{
    private const string Deleted = " (deleted)";

    /// <summary>Devices whose file is below a directory, or was until it was deleted, as <c>/dev/loopN</c>.</summary>
    public static IReadOnlyList<string> Below(string directory, string blockDevices = "/sys/block") =>
        !Directory.Exists(blockDevices)
            ? []
            : [.. Directory.EnumerateDirectories(blockDevices, "loop*")
                .Where(device => BackingFile(device)?.StartsWith(directory + "/", StringComparison.Ordinal) == true)
                .Select(device => "/dev/" + Path.GetFileName(device))];

    /// <summary>True when the device mapper holds a device of <see cref="Below"/>: for its partitions, as kpartx(8) makes them.</summary>
    public static bool IsMapped(string device, string blockDevices = "/sys/block") =>
        Path.Combine(blockDevices, Path.GetFileName(device), "holders") is var holders && Directory.Exists(holders) && Directory.EnumerateFileSystemEntries(holders).Any();

    private static string? BackingFile(string device)
    {
        try
        {
            var path = File.ReadAllText(Path.Combine(device, "loop", "backing_file")).TrimEnd('\n');
            return path.EndsWith(Deleted, StringComparison.Ordinal) ? path[..^Deleted.Length] : path;
        }
        catch (IOException)
        {
            // Not in use.
            return null;
        }
    }
}
