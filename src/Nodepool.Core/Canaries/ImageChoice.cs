using Nodepool.Core.View;

namespace Nodepool.Core.Canaries;

/// <summary>Which upload a launch boots from. Pure.</summary>
public static class ImageChoice
{
    /// <summary>Chooses.</summary>
    /// <param name="image">The image.</param>
    /// <param name="canary">Where the node is made, and how uploads prove themselves to its label there.</param>
    /// <param name="isRetry">An attempt has failed: the next one goes the safe way.</param>
    /// <param name="chance">In [0, 1).</param>
    /// <returns>Null when there is no usable upload.</returns>
    public static UploadView? Of(ImageView image, LaunchCanary canary, bool isRetry, double chance)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(canary);
        return canary.Config is { } config && CanaryTrial.Of(image, canary.Scope) is { } trial && (isRetry || chance >= config.Share)
            ? trial.Baseline
            : image.NewestReadyUpload(canary.Scope.Provider);
    }
}
