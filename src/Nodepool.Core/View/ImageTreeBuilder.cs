using System.Collections.Immutable;
using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Core.View;

/// <summary>The part of <see cref="ClusterViewBuilder"/> that knows what lies below an image.</summary>
internal sealed class ImageTreeBuilder(ImmutableDictionary<string, ImageView> from)
{
    private readonly ImmutableDictionary<string, ImageView>.Builder _images = from.ToBuilder();

    public void Apply(string name, ReadOnlySpan<string> rest, Change change)
    {
        var image = _images.GetValueOrDefault(name) ?? new ImageView(name);
        var next = rest switch
        {
            [] when change.Entry is null => new ImageView(name),
            ["pause"] => image with { IsPaused = change.Entry is not null },
            ["request-build"] => image with { BuildRequestedMs = change.Entry?.CreatedMs },
            ["canaries", var provider] => image with { Canaries = Canaries(image, new CanaryScope(provider), change.Entry) },
            ["label-canaries", var provider, var label] => image with { Canaries = Canaries(image, new CanaryScope(provider, NodepoolPaths.NameIn(label)), change.Entry) },
            [.., "lock", _] => image with { Contenders = change.Entry is null ? image.Contenders.Remove(change.Path) : image.Contenders.Add(change.Path) },
            [.., "lock"] => image,
            ["builds", var build] => image with { Builds = Builds(image, build, change.Entry) },
            ["builds", var build, "providers", var provider, "images", var upload] =>
                image with { Uploads = Uploads(image, new UploadView(name, build, provider, upload, change.Entry?.Version ?? 0, null), change) },
            _ => image,
        };
        if (next.IsEmpty)
        {
            _images.Remove(name);
        }
        else
        {
            _images[name] = next;
        }
    }

    public ImmutableDictionary<string, ImageView> Build() => _images.ToImmutable();

    private static ImmutableDictionary<string, BuildView> Builds(ImageView image, string id, Entry? entry) =>
        entry is null ? image.Builds.Remove(id)
        : image.Builds.SetItem(id, new BuildView(image.Name, id, entry.Version, ClusterViewBuilder.Understand(entry, ImageBuildRecord.Read)));

    private static ImmutableDictionary<CanaryScope, CanaryView> Canaries(ImageView image, CanaryScope scope, Entry? entry) =>
        entry is null ? image.Canaries.Remove(scope)
        : image.Canaries.SetItem(scope, new CanaryView(image.Name, scope, entry.Version, ClusterViewBuilder.Understand(entry, CanaryRecord.Read)));

    private static ImmutableDictionary<string, UploadView> Uploads(ImageView image, UploadView upload, Change change) =>
        change.Entry is null ? image.Uploads.Remove(change.Path)
        : image.Uploads.SetItem(change.Path, upload with { Record = ClusterViewBuilder.Understand(change.Entry, ImageUploadRecord.Read) });
}
