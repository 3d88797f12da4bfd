using System.Text.RegularExpressions;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>
/// The builder's directory, <c>images-dir</c>: <c>IMAGE-BUILD.FORMAT</c> with their checksums, records of finished builds, and the image tool's work
/// directories.
/// </summary>
internal sealed partial class DiskBuildFiles : IBuildFiles
{
    private const string IdFile = "builder_id.txt";

    private static readonly TimeSpan HalfIdGrace = TimeSpan.FromMinutes(1);

    private readonly string _images;
    private readonly TimeProvider _time;
    private readonly VerifiedFiles _verified = new(Checksums.VerifyAsync);

    /// <summary>Opens the directory; it is made when it is missing.</summary>
    /// <exception cref="IOException">It cannot be made or written; the message says what to do.</exception>
    public DiskBuildFiles(string imagesDirectory, Sources sources)
    {
        _images = Path.GetFullPath(imagesDirectory);
        _time = sources.Time;
        try
        {
            Directory.CreateDirectory(_images);
            BuilderId = ReadOrMakeId(Path.Combine(_images, IdFile), sources);
            RemoveHalfIds();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"images-dir {_images} cannot be used: {e.Message}; make it writable, or name another directory in the configuration", e);
        }

        Kept = new KeptBuilds(OutputPath);
    }

    public string BuilderId { get; }

    public IKeptBuilds Kept { get; }

    public string OutputPath(string image, string build) => Path.Combine(_images, $"{image}-{build}");

    public IReadOnlyDictionary<string, string> Find(string image, string build) => Of(image, build)
        .Where(path => File.Exists(path) && File.Exists(path + ".sha256"))
        .ToDictionary(path => Path.GetExtension(path)[1..], StringComparer.Ordinal);

    public ValueTask<ImageChecksums> VerifyAsync(string path, CancellationToken ct) => _verified.VerifyAsync(path, ct);

    public void RemoveFile(string image, string build, string format)
    {
        // The checksum goes first: a file without one is not finished, so nobody takes half of a pair for a whole.
        var path = $"{OutputPath(image, build)}.{format}";
        File.Delete(path + ".sha256");
        File.Delete(path + ".md5");
        File.Delete(path);
        _verified.Forget(path);
    }

    public IReadOnlyList<BuildTrace> List() =>
        [.. Directory.EnumerateFileSystemEntries(_images)
            .Select(path => NameOfBuild().Match(Path.GetFileName(path)))
            .Where(match => match.Success)
            .GroupBy(match => (Image: match.Groups["image"].Value, Build: match.Groups["build"].Value), match => match.Groups["ending"].Value)
            .Select(build => new BuildTrace(
                build.Key.Image, build.Key.Build, build.Select(FormatOf).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToValueList(), build.Any(IsRemains)))];

    public async ValueTask<bool> RemoveAsync(string image, string build, IReadOnlyCollection<string>? kept, CancellationToken ct)
    {
        // First the work directory: with it end the processes that could go on writing the others.
        var output = OutputPath(image, build);
        var work = output + BuildWork.Ending;
        await BuildWork.RemoveAsync(work, _time);
        // Should something hold it still, it waits for the next time: what may be mounted in it (/dev of this host) must never be deleted through it.
        foreach (var path in Of(image, build).Where(path => path != work && !Stays(path[(output.Length + 1)..])))
        {
            ct.ThrowIfCancellationRequested();
            _verified.Forget(path);
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }

        return !Directory.Exists(work);

        bool Stays(string ending) => kept is not null && !IsRemains(ending) && (FormatOf(ending) is not { } format || kept.Contains(format));
    }

    private static bool IsRemains(string ending) => "." + ending is BuildWork.Ending or KeptBuilds.HalfEnding;

    /// <summary>The format of an image file or of the checksums beside one; null for other files, which image tools may make too.</summary>
    private static string? FormatOf(string ending) =>
        ending.Split('.') is [var format, .. [] or ["md5" or "sha256"]] && ImageOutput.Formats.Contains(format) ? format : null;

    private IEnumerable<string> Of(string image, string build) => Directory.EnumerateFileSystemEntries(_images, $"{image}-{build}.*").ToArray();

    private static string ReadOrMakeId(string path, Sources sources)
    {
        // Python writes its ids with dashes; both are read.
        if (Known(path) is { } known)
        {
            return known;
        }

        var id = sources.Ids.NewId();
        var fresh = $"{path}.{id}";
        File.WriteAllText(fresh, id + "\n");
        try
        {
            // Another builder may be making the directory its own at the same moment: the first one names it.
            File.Move(fresh, path, overwrite: File.Exists(path));
        }
        catch (IOException) when (Known(path) is not null)
        {
            File.Delete(fresh);
        }

        return Known(path)!;
    }

    /// <summary>Of builders that died while they gave the directory its id; one that is about to do so needs its own for a moment.</summary>
    private void RemoveHalfIds()
    {
        foreach (var half in Directory.EnumerateFiles(_images, IdFile + ".*").Where(path => _time.GetUtcNow() - File.GetLastWriteTimeUtc(path) > HalfIdGrace).ToArray())
        {
            File.Delete(half);
        }
    }

    private static string? Known(string path) => File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } known ? known : null;

    // Early files for Nodepool 3 have numbers with leading zeros for ids. Ten digits without are the time of a build before it: not ours to judge.
    [GeneratedRegex("^(?<image>.+)-(?<build>[0-9a-f]{32}|0[0-9]{9})\\.(?<ending>.+)$")]
    private static partial Regex NameOfBuild();
}
