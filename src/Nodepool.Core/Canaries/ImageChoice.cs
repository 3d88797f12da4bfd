using Nodepool.Core.Config;
using Nodepool.Core.View;

namespace Nodepool.Core.Canaries;

/// <summary>Which upload a launch boots from. Pure.</summary>
public static class ImageChoice
{
    /// <summary>Chooses.</summary>
    /// <param name="image">The image.</param>
    /// <param name="provider">Where the node is made.</param>
    /// <param name="canary">How the image's uploads prove themselves; null: the newest serves all.</param>
    /// <param name="isRetry">An attempt has failed: the next one goes the safe way.</param>
    /// <param name="chance">In [0, 1).</param>
    /// <returns>Null when there is no usable upload.</returns>
    public static UploadView? Of(ImageView image, string provider, CanaryConfig? canary, bool isRetry, double chance)
    {
        ArgumentNullException.ThrowIfNull(image);
        return canary is not null && CanaryTrial.Of(image, provider) is { } trial && (isRetry || chance >= canary.Share)
            ? trial.Baseline
            : image.NewestReadyUpload(provider);
    }
}
