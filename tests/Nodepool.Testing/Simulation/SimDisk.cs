using Nodepool.Core.Images;
using Nodepool.Core.Model;

namespace Nodepool.Testing.Simulation;

/// <summary>A builder's disk: outlives the builder's process.</summary>
internal sealed class SimDisk(string builderId) : IBuildFiles, IKeptBuilds
{
    private readonly SortedDictionary<string, (string Image, string Build, bool IsComplete)> _builds = new(StringComparer.Ordinal);

    private readonly Dictionary<string, ImageBuildRecord> _kept = new(StringComparer.Ordinal);

    public string BuilderId => builderId;

    public string OutputPath(string image, string build) => $"/images/{image}-{build}";

    public IKeptBuilds Kept => this;

    public IReadOnlyDictionary<string, string> Find(string image, string build) =>
        _builds.GetValueOrDefault(OutputPath(image, build)).IsComplete
            ? new Dictionary<string, string> { ["qcow2"] = OutputPath(image, build) + ".qcow2" }
            : new Dictionary<string, string>();

    /// <summary>What has been written is not what is read.</summary>
    public bool IsDamaged { get; set; }

    public ValueTask<ImageChecksums> VerifyAsync(string path, CancellationToken ct) =>
        IsDamaged ? throw new ImageBuildException($"{path} has changed since it was built") : ValueTask.FromResult(new ImageChecksums("md5", "sha256"));

    public void RemoveFile(string image, string build, string format) => _builds.Remove(OutputPath(image, build));

    public IReadOnlyList<(string Image, string Build)> List() => [.. _builds.Values.Select(build => (build.Image, build.Build))];

    public ValueTask RemoveAsync(string image, string build, CancellationToken ct)
    {
        Erase(OutputPath(image, build));
        return ValueTask.CompletedTask;
    }

    public ValueTask KeepAsync(string image, string build, ImageBuildRecord record, CancellationToken ct)
    {
        _kept[OutputPath(image, build)] = record;
        return ValueTask.CompletedTask;
    }

    ImageBuildRecord? IKeptBuilds.Find(string image, string build) => _kept.GetValueOrDefault(OutputPath(image, build));

    /// <summary>The tool has written something, perhaps all.</summary>
    public void Write(string outputPath, bool isComplete)
    {
        var name = outputPath["/images/".Length..];
        var dash = name.LastIndexOf('-');
        _builds[outputPath] = (name[..dash], name[(dash + 1)..], isComplete);
    }

    public void Erase(string outputPath)
    {
        _builds.Remove(outputPath);
        _kept.Remove(outputPath);
    }
}
