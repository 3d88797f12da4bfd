using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>How far an image is.</summary>
public static class ImageProgress
{
    /// <summary>For people: one phrase that begins with the image's name.</summary>
    public static string Of(ImageView image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Uploads.Values.Any(upload => upload.Record is { State: ImageState.Uploading }))
        {
            return $"image {image.Name}, which is being uploaded";
        }

        if (image.Builds.Values.Any(build => build.Record is { State: ImageState.Building }))
        {
            return $"image {image.Name}, which is being built{(LastFailure(image) is { } before ? $" again (before: {before})" : "")}";
        }

        return image.ReadyBuilds.Any() ? $"the upload of image {image.Name}"
            : LastFailure(image) is { } failure ? $"image {image.Name}, whose last build failed: {failure}"
            : $"image {image.Name}, which is not built yet";
    }

    /// <summary>Why the newest build or upload that failed has failed; null when none has, or a newer one is ready.</summary>
    public static string? LastFailure(ImageView image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var builds = image.Builds.Values.Select(build => (build.Record?.State, build.Record?.StateTime, build.Record?.Failure));
        var uploads = image.Uploads.Values.Select(upload => (upload.Record?.State, upload.Record?.StateTime, upload.Record?.Failure));
        var ended = builds.Concat(uploads).Where(one => one.State is ImageState.Ready or ImageState.Failed).OrderByDescending(one => one.StateTime).FirstOrDefault();
        return ended.State == ImageState.Failed ? ended.Failure ?? "no reason was stored" : null;
    }
}
