using System.Collections.Immutable;
using Nodepool.Core.Model;

namespace Nodepool.Core.View;

/// <summary>Everything stored about one diskimage at one moment.</summary>
/// <param name="Name">Its name.</param>
public sealed record ImageView(string Name)
{
    /// <summary>Builds by id.</summary>
    public ImmutableDictionary<string, BuildView> Builds { get; init; } = ImmutableDictionary.Create<string, BuildView>(StringComparer.Ordinal);

    /// <summary>Uploads by path.</summary>
    public ImmutableDictionary<string, UploadView> Uploads { get; init; } = ImmutableDictionary.Create<string, UploadView>(StringComparer.Ordinal);

    /// <summary>Trials of new uploads.</summary>
    public ImmutableDictionary<CanaryScope, CanaryView> Canaries { get; init; } = ImmutableDictionary<CanaryScope, CanaryView>.Empty;

    /// <summary>Paths of lock contenders below the image.</summary>
    public ImmutableHashSet<string> Contenders { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Builds are paused by command.</summary>
    public bool IsPaused { get; init; }

    /// <summary>When somebody asked for a build by command (Unix milliseconds), or null.</summary>
    public long? BuildRequestedMs { get; init; }

    /// <summary>Nothing is stored.</summary>
    public bool IsEmpty => Builds.IsEmpty && Uploads.IsEmpty && Canaries.IsEmpty && Contenders.IsEmpty && !IsPaused && BuildRequestedMs is null;

    /// <summary>Ready builds, newest first.</summary>
    public IEnumerable<BuildView> ReadyBuilds => Builds.Values
        .Where(build => build.Record?.State == ImageState.Ready)
        .OrderByDescending(build => build.Record!.StateTime).ThenByDescending(build => build.Id, StringComparer.Ordinal);

    /// <summary>Its record says that a build is in progress, but nobody holds the lock under which builders build: its builder has ended.</summary>
    public bool IsLost(BuildView build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return build.Record?.State == ImageState.Building && !IsLocked(NodepoolPaths.BuildsLock(Name));
    }

    /// <summary>
    /// Uploads at a provider that nodes can boot from: ready, and not of a build that is being deleted. Those of the newest build first, whichever
    /// of them took longer to send.
    /// </summary>
    public IEnumerable<UploadView> UsableUploads(string provider) => Uploads.Values
        .Where(upload => upload.Provider == provider && upload.Record?.State == ImageState.Ready && BuildOf(upload)?.State != ImageState.Deleting)
        .OrderByDescending(BuiltAt)
        .ThenByDescending(upload => upload.Record!.StateTime).ThenByDescending(upload => upload.Path, StringComparer.Ordinal);

    /// <summary>The upload that new nodes at a provider boot from, or null.</summary>
    public UploadView? NewestReadyUpload(string provider) => UsableUploads(provider).FirstOrDefault();

    /// <summary>When the content of an upload was built, Unix seconds; when it was uploaded if nobody knows.</summary>
    public double BuiltAt(UploadView upload)
    {
        ArgumentNullException.ThrowIfNull(upload);
        return BuildOf(upload)?.StateTime ?? upload.Record!.StateTime;
    }

    private ImageBuildRecord? BuildOf(UploadView upload) => Builds.GetValueOrDefault(upload.Build)?.Record;

    /// <summary>Somebody holds or waits for the lock with this directory.</summary>
    public bool IsLocked(string directory) => Contenders.Any(path => path.Length > directory.Length && path[directory.Length] == '/' && path.StartsWith(directory, StringComparison.Ordinal));
}
