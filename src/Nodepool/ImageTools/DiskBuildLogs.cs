using System.Text;
using System.Text.RegularExpressions;
using Nodepool.Core.Config;
using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>Build logs as <c>IMAGE-BUILD.log</c> in <c>build-log-dir</c>.</summary>
internal sealed partial class DiskBuildLogs : IBuildLogs
{
    private const int MostTailBytes = 4096;

    /// <summary>Path of the log of a build.</summary>
    public static string PathOf(NodepoolConfig config, string image, string build) => Path.Combine(Path.GetFullPath(config.BuildLogDir), $"{image}-{build}.log");

    public string New(NodepoolConfig config, string image, string build)
    {
        var path = PathOf(config, image, build);
        var logs = Path.GetDirectoryName(path)!;
        try
        {
            Directory.CreateDirectory(logs);
            if (config.BuildLogRetention >= 0)
            {
                RemoveOld(logs, image, Math.Max(config.BuildLogRetention, 1) - 1);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageBuildException($"build-log-dir {logs} cannot be used: {e.Message}; make it writable, or name another directory in the configuration", e);
        }

        return path;
    }

    public string Tail(string path, int lines)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Seek(-Math.Min(file.Length, MostTailBytes), SeekOrigin.End);
            var isCut = file.Position > 0;
            using var reader = new StreamReader(file, Encoding.UTF8);
            return string.Join('\n', reader.ReadToEnd().Split('\n').Skip(isCut ? 1 : 0).Select(line => line.TrimEnd()).Where(line => line.Length > 0).TakeLast(lines));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>The new log takes a place as well. Only names of this very image count: "fedora" is not "fedora-35".</summary>
    private static void RemoveOld(string logs, string image, int kept)
    {
        var old = Directory.EnumerateFiles(logs, image + "-*.log")
            .Where(path => NameOfLog().Match(Path.GetFileName(path)) is { Success: true } match && match.Groups["image"].Value == image)
            .OrderByDescending(File.GetLastWriteTimeUtc).Skip(kept).ToArray();
        foreach (var path in old)
        {
            File.Delete(path);
        }
    }

    [GeneratedRegex("^(?<image>.+)-[0-9a-f]{32}\\.log$")]
    private static partial Regex NameOfLog();
}
