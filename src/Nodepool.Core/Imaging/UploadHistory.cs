using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// What earlier failures mean for the next upload of an image to a provider. Told by the records alone, so that a restart changes nothing. A build
/// that was never tried is tried at once, but when that fails too the waits go on where they were; a request by command and other settings begin anew.
/// </summary>
/// <param name="Attempt">Number that the next try gets.</param>
/// <param name="NotBefore">When it may begin, Unix seconds; 0 when nothing is in the way.</param>
/// <param name="Failed">The newest failure since the last upload that got ready; null when there is none.</param>
public sealed record UploadHistory(int Attempt, double NotBefore, UploadView? Failed)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>Reads the records.</summary>
    /// <param name="image">The image.</param>
    /// <param name="build">What is to be uploaded.</param>
    /// <param name="provider">Where to.</param>
    /// <param name="settings">The fingerprint of the settings now; null when they are not known, as to somebody who only looks.</param>
    public static UploadHistory Of(ImageView image, BuildView build, string provider, string? settings)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(build);
        var ended = image.Uploads.Values.Where(upload => upload.Provider == provider && upload.Record?.State is ImageState.Ready or ImageState.Failed).ToArray();
        if (ended.MaxBy(upload => upload.Record!.StateTime) is not { Record: { State: ImageState.Failed } record } failed)
        {
            return new UploadHistory(1, 0, null);
        }

        var isRequested = build.Record!.UploadRequested.TryGetValue(provider, out var requested) && requested > record.StateTime;
        if (isRequested || (settings is not null && record.Settings is { } then && then != settings))
        {
            return new UploadHistory(1, 0, failed);
        }

        var attempts = Math.Max(1, record.Attempt);
        var isNew = !ended.Any(upload => upload.Build == build.Id && upload.Record!.State == ImageState.Failed);
        var wait = Backoff.Delay(attempts, FirstDelay, LongestDelay, Backoff.ChanceOf(failed.Path)).TotalSeconds;
        return new UploadHistory(attempts + 1, isNew ? 0 : record.StateTime + wait, failed);
    }
}
