using Nodepool.Core.Canaries;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary><see cref="RetentionPlanner"/>'s decisions about one image.</summary>
internal sealed class ImageRetention
{
    private readonly ImageView _image;
    private readonly NodepoolConfig _config;
    private readonly ImageUsers _users;
    private readonly int _count;
    private readonly ILookup<string, UploadView> _usable;
    private readonly HashSet<string> _baselines;
    private readonly HashSet<UploadView> _keptUploads = [];
    private readonly HashSet<BuildView> _keptBuilds;

    public ImageRetention(ImageView image, NodepoolConfig config, ImageUsers users)
    {
        (_image, _config, _users) = (image, config, users);
        var section = config.FindDiskImage(image.Name);
        _count = section?.Retention ?? 0;
        var takers = section is null ? [] : config.Providers.Where(provider => provider.FindDiskImage(image.Name) is not null).Select(provider => provider.Name).ToArray();
        _usable = takers.SelectMany(provider => image.UsableUploads(provider).Take(_count)).ToLookup(upload => upload.Provider, StringComparer.Ordinal);
        _baselines = [.. LaunchCanary.All(config, image.Name).Select(canary => image.Canaries.GetValueOrDefault(canary.Scope)?.Record)
            .OfType<CanaryRecord>().Where(canary => canary.IsOpen).Select(canary => canary.Trusted)];
        foreach (var provider in takers)
        {
            _keptUploads.UnionWith(KeptAt(provider));
        }

        _keptBuilds = [.. section is null ? [] : KeptBuilds(takers), .. _keptUploads.Select(upload => image.Builds.GetValueOrDefault(upload.Build)).OfType<BuildView>()];
    }

    /// <summary>
    /// Uploads to delete. What somebody has ordered to be deleted waits only for launches; what we find superfluous waits for every node. What cannot
    /// be understood is left alone, so is what is being uploaded; and providers that this file does not know are somebody else's business.
    /// </summary>
    public IEnumerable<Removal<UploadView>> Uploads() =>
        from upload in _image.Uploads.Values
        where upload.Record is not null and not { State: ImageState.Uploading } && !_keptUploads.Contains(upload) && _config.FindProvider(upload.Provider) is not null
        where IsOrdered(upload) ? !_users.IsBooting(upload) : !_users.IsUsed(upload)
        orderby upload.Path
        select new Removal<UploadView>(upload, IsOrdered(upload) ? [] : Fence(upload));

    /// <summary>Failed uploads with an image at the provider: the hook refused it, and it could not be deleted then.</summary>
    public IEnumerable<UploadView> Remains() => _keptUploads
        .Where(upload => upload.Record is { State: ImageState.Failed, ExternalId: not null }).OrderBy(upload => upload.Path, StringComparer.Ordinal);

    /// <summary>Builds that nothing needs.</summary>
    public IEnumerable<Removal<BuildView>> Builds() =>
        Sorted(_image.Builds.Values.Where(build => build.Record?.State is ImageState.Ready or ImageState.Failed && !_keptBuilds.Contains(build)))
            .Select(build => new Removal<BuildView>(build, build.Record!.State == ImageState.Failed ? [] : Fence()));

    /// <summary>Builds being deleted of which nothing is left but the record.</summary>
    public IEnumerable<BuildView> Gone() =>
        Sorted(_image.Builds.Values.Where(build => build.Record?.State == ImageState.Deleting && _image.Uploads.Values.All(upload => upload.Build != build.Id)));

    private bool IsOrdered(UploadView upload) => upload.Record!.State != ImageState.Ready || IsLeaving(upload);

    private bool IsLeaving(UploadView upload) => _image.Builds.GetValueOrDefault(upload.Build)?.Record?.State == ImageState.Deleting;

    private ValueList<Write> Fence(UploadView upload) =>
        _usable[upload.Provider].SelectMany(kept => (Write[])[new Write.Check(kept.Path, kept.Version), .. BuildOf(kept)]).DistinctBy(write => write.Path).ToValueList();

    private ValueList<Write> Fence() => _keptBuilds.Where(build => build.Record!.State == ImageState.Ready).OrderBy(build => build.Id, StringComparer.Ordinal).Select(Check).ToValueList();

    private IEnumerable<Write> BuildOf(UploadView upload) => _image.Builds.TryGetValue(upload.Build, out var build) ? [Check(build)] : [];

    private Write Check(BuildView build) => new Write.Check(NodepoolPaths.Build(_image.Name, build.Id), build.Version);

    private IEnumerable<UploadView> KeptAt(string provider)
    {
        var uploads = _image.Uploads.Values.Where(upload => upload.Provider == provider).ToArray();
        var newest = _usable[provider].Select(upload => upload.Record!.StateTime).DefaultIfEmpty(double.NegativeInfinity).Max();
        return _usable[provider]
            .Concat(uploads.Where(upload => _baselines.Contains(upload.Path) && upload.Record?.State == ImageState.Ready))
            .Concat(uploads.Where(upload => upload.Record?.State == ImageState.Failed && upload.Record.StateTime > newest && !IsLeaving(upload))
                .OrderByDescending(upload => upload.Record!.StateTime).Take(RetentionPlanner.KeptFailures))
            .Concat(uploads.Where(upload => upload.Record?.State == ImageState.Uploading));
    }

    /// <summary>
    /// The newest build stays even when it was withdrawn everywhere: it is what says that there is nothing to upload, and when the next is due.
    /// </summary>
    private IEnumerable<BuildView> KeptBuilds(string[] takers)
    {
        var ready = _image.ReadyBuilds.ToArray();
        var usable = ready.Where(build => takers.Length == 0 || takers.Any(provider => !build.Record!.Withdrawn.ContainsKey(provider))).Take(_count);
        var failed = _image.Builds.Values
            .Where(build => build.Record?.State == ImageState.Failed && (ready.Length == 0 || build.Record.StateTime > ready[0].Record!.StateTime))
            .OrderByDescending(build => build.Record!.StateTime).Take(RetentionPlanner.KeptFailures);
        return ready.Take(1).Concat(usable).Concat(failed);
    }

    private static IEnumerable<BuildView> Sorted(IEnumerable<BuildView> builds) => builds.OrderBy(build => build.Id, StringComparer.Ordinal);
}
