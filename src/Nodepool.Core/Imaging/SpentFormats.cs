using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Which local files of a build <c>delete-after-upload</c> removes: a format that some provider takes, once every provider that takes it has it. One
/// whose uploads are paused, or failed so far, still needs the file; one where the build was withdrawn does not. Pure.
/// </summary>
public static class SpentFormats
{
    /// <summary>Formats of a ready build whose files may go, <c>keep-formats</c> left out.</summary>
    public static IEnumerable<string> Of(ImageView image, BuildView build, NodepoolConfig config)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(config);
        if (config.FindDiskImage(image.Name) is not { DeleteAfterUpload: true } section || build.Record is not { State: ImageState.Ready } record)
        {
            return [];
        }

        var takers = config.Providers.Where(provider => provider.FindDiskImage(image.Name) is not null).ToArray();
        return record.Formats.Except(section.KeepFormats, StringComparer.Ordinal).Where(format =>
            takers.Where(provider => provider.ImageFormats.Contains(format)).ToArray() is { Length: > 0 } needing && needing.All(HasIt));

        bool HasIt(ProviderConfig provider) => record.Withdrawn.ContainsKey(provider.Name)
            || image.UsableUploads(provider.Name).Any(upload => upload.Build == build.Id);
    }
}
