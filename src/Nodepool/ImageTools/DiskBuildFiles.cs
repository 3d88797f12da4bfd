using System.Text.RegularExpressions;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>
/// The builder's directories: <c>images-dir</c> with <c>IMAGE-BUILD.FORMAT</c>, its checksums and the image tool's work directories, and
/// <c>build-log-dir</c> with one log per build.
/// </summary>
internal sealed partial class DiskBuildFiles : IBuildFiles
{
    private const string IdFile = "builder_id.txt";

    private readonly string _images;
    private readonly TimeProvider _time;

    /// <summary>Opens the directories; they are made when they are missing.</summary>
    /// <exception cref="IOException">A directory cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    public DiskBuildFiles(string imagesDirectory, Sources sources)
    {
        _images = Path.GetFullPath(imagesDirectory);
        _time = sources.Time;
        Directory.CreateDirectory(_images);
        BuilderId = ReadOrMakeId(Path.Combine(_images, IdFile), sources);
    }

    public string BuilderId { get; }

    public string OutputPath(string image, string build) => Path.Combine(_images, $"{image}-{build}");

    public string NewLog(NodepoolConfig config, string image, string build)
    {
        var logs = Path.GetFullPath(config.BuildLogDir);
        try
        {
            Directory.CreateDirectory(logs);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageBuildException($"build-log-dir {logs} cannot be made: {e.Message}; make it, or name another directory in the configuration", e);
        }

        if (config.BuildLogRetention >= 0)
        {
            // The new log takes a place as well. Only names of this very image count: "fedora" is not "fedora-35".
            var old = Directory.EnumerateFiles(logs, image + "-*.log")
                .Where(path => NameOfBuild().Match(Path.GetFileName(path)) is { Success: true } match && match.Groups["image"].Value == image)
                .OrderByDescending(File.GetLastWriteTimeUtc).Skip(Math.Max(config.BuildLogRetention, 1) - 1);
            foreach (var path in old)
            {
                File.Delete(path);
            }
        }

        return Path.Combine(logs, $"{image}-{build}.log");
    }

    public IReadOnlyDictionary<string, string> Find(string image, string build) => Of(image, build)
        .Where(path => File.Exists(path) && File.Exists(path + ".sha256"))
        .ToDictionary(path => Path.GetExtension(path)[1..], StringComparer.Ordinal);

    public IReadOnlyList<(string Image, string Build)> List() =>
        [.. Directory.EnumerateFileSystemEntries(_images)
            .Select(path => NameOfBuild().Match(Path.GetFileName(path)))
            .Where(match => match.Success)
            .Select(match => (match.Groups["image"].Value, match.Groups["build"].Value))
            .Distinct()];

    public async ValueTask RemoveAsync(string image, string build, CancellationToken ct)
    {
        // First the work directory: with it end the processes that could go on writing the others.
        await BuildWork.RemoveAsync(OutputPath(image, build) + ".work", _time);
        foreach (var path in Of(image, build))
        {
            ct.ThrowIfCancellationRequested();
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
    }

    private IEnumerable<string> Of(string image, string build) => Directory.EnumerateFileSystemEntries(_images, $"{image}-{build}.*").ToArray();

    private static string ReadOrMakeId(string path, Sources sources)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } known)
        {
            return known;
        }

        // Python writes its ids with dashes; both are read.
        var id = sources.Ids.NewId();
        var fresh = $"{path}.{id}";
        File.WriteAllText(fresh, id + "\n");
        File.Move(fresh, path, overwrite: true);
        return id;
    }

    [GeneratedRegex("^(?<image>.+)-(?<build>[0-9a-f]{32})\\.")]
    private static partial Regex NameOfBuild();
}
