using Nodepool.Core.Collections;
using Nodepool.Core.Images;
using Nodepool.Core.Model;

namespace Nodepool.Testing.Simulation;

/// <summary>A builder's disk: outlives the builder's process.</summary>
internal sealed class SimDisk(string builderId) : IBuildFiles, IKeptBuilds
{
    private readonly SortedDictionary<string, (string Image, string Build, SortedSet<string> Formats)> _builds = new(StringComparer.Ordinal);

    private readonly Dictionary<string, ImageBuildRecord> _kept = new(StringComparer.Ordinal);

    public string BuilderId => builderId;

    public string OutputPath(string image, string build) => $"/images/{image}-{build}";

    public IKeptBuilds Kept => this;

    public IReadOnlyDictionary<string, string> Find(string image, string build) =>
        _builds.TryGetValue(OutputPath(image, build), out var found)
            ? found.Formats.ToDictionary(format => format, format => $"{OutputPath(image, build)}.{format}")
            : [];

    /// <summary>What has been written is not what is read.</summary>
    public bool IsDamaged { get; set; }

    public ValueTask<ImageChecksums> VerifyAsync(string path, CancellationToken ct) =>
        IsDamaged ? throw new ImageBuildException($"{path} has changed since it was built") : ValueTask.FromResult(new ImageChecksums("md5", "sha256"));

    public void RemoveFile(string image, string build, string format)
    {
        var path = OutputPath(image, build);
        if (_builds.TryGetValue(path, out var found) && found.Formats.Remove(format) && found.Formats.Count == 0)
        {
            _builds.Remove(path);
        }
    }

    public IReadOnlyList<BuildTrace> List() => [.. _builds.Values.Select(build => new BuildTrace(build.Image, build.Build, build.Formats.ToValueList(), HasRemains: false))];

    public ValueTask<bool> RemoveAsync(string image, string build, IReadOnlyCollection<string>? kept, CancellationToken ct)
    {
        if (kept is null)
        {
            Erase(OutputPath(image, build));
        }
        else if (_builds.TryGetValue(OutputPath(image, build), out var found))
        {
            found.Formats.IntersectWith(kept);
        }

        return ValueTask.FromResult(true);
    }

    public ValueTask KeepAsync(string image, string build, ImageBuildRecord record, CancellationToken ct)
    {
        _kept[OutputPath(image, build)] = record;
        return ValueTask.CompletedTask;
    }

    ImageBuildRecord? IKeptBuilds.Find(string image, string build) =>
        _kept.GetValueOrDefault(OutputPath(image, build)) is { } record && record.Formats.All(Find(image, build).ContainsKey) ? record : null;

    /// <summary>A tool has written something of a build: half of it, or files that are whole.</summary>
    public void Write(string outputPath, bool isComplete) => Write(outputPath, isComplete ? ["qcow2"] : []);

    /// <summary>The same, with the formats of the files that are whole.</summary>
    public void Write(string outputPath, IEnumerable<string> formats)
    {
        if (!_builds.TryGetValue(outputPath, out var found))
        {
            var name = outputPath["/images/".Length..];
            var dash = name.LastIndexOf('-');
            _builds[outputPath] = found = (name[..dash], name[(dash + 1)..], new SortedSet<string>(StringComparer.Ordinal));
        }

        found.Formats.UnionWith(formats);
    }

    public void Erase(string outputPath)
    {
        _builds.Remove(outputPath);
        _kept.Remove(outputPath);
    }
}
