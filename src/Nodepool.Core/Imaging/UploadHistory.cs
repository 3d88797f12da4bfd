using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// What earlier failures mean for the next upload of an image to a provider. Told by the records alone, so that a restart changes nothing. A build
/// that was never tried is tried at once, but when that fails too the waits go on where they were; a request by command and other settings begin anew.
/// An upload that was interrupted says nothing: it is tried again after seconds.
/// </summary>
/// <param name="Attempt">Number that the next try gets.</param>
/// <param name="NotBefore">When it may begin, Unix seconds; 0 when nothing is in the way.</param>
/// <param name="Failed">The newest failure since the last upload that got ready; null when there is none.</param>
public sealed record UploadHistory(int Attempt, double NotBefore, UploadView? Failed)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    // Nothing is wrong with the provider; but an upload that brings down its builder each time must not do so in a tight loop.
    private static readonly TimeSpan FirstAfterInterruption = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestAfterInterruption = TimeSpan.FromMinutes(5);

    /// <summary>Reads the records.</summary>
    /// <param name="image">The image.</param>
    /// <param name="build">What is to be uploaded.</param>
    /// <param name="provider">Where to.</param>
    /// <param name="settings">The fingerprint of the settings now; null when they are not known, as to somebody who only looks.</param>
    public static UploadHistory Of(ImageView image, BuildView build, string provider, string? settings)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(build);
        var failures = Failures(image, provider);
        if (failures is not [.., { Record: { } record } failed])
        {
            return new UploadHistory(1, 0, null);
        }

        var isRequested = build.Record!.UploadRequested.TryGetValue(provider, out var requested) && requested > record.StateTime;
        if (isRequested || (settings is not null && record.Settings is { } then && then != settings))
        {
            return new UploadHistory(1, 0, failed);
        }

        // Only the newest failures are kept; each knows how many there were before it.
        var attempts = failures.Max(failure => Math.Max(1, failure.Record!.Attempt) - (failure.Record.IsInterrupted ? 1 : 0));
        var isNew = failures.All(failure => failure.Build != build.Id);
        return new UploadHistory(attempts + 1, isNew ? 0 : WaitAfter(failures, attempts), failed);
    }

    /// <summary>Failures since the last upload that got ready, the newest last.</summary>
    private static UploadView[] Failures(ImageView image, string provider)
    {
        var ended = image.Uploads.Values.Where(upload => upload.Provider == provider && upload.Record?.State is ImageState.Ready or ImageState.Failed).ToArray();
        var ready = ended.Where(upload => upload.Record!.State == ImageState.Ready).Select(upload => upload.Record!.StateTime).DefaultIfEmpty(double.NegativeInfinity).Max();
        return [.. ended.Where(upload => upload.Record!.State == ImageState.Failed && upload.Record.StateTime > ready)
            .OrderBy(upload => upload.Record!.StateTime).ThenBy(upload => upload.Path, StringComparer.Ordinal)];
    }

    private static double WaitAfter(UploadView[] failures, int attempts)
    {
        var real = Array.FindLast(failures, failure => !failure.Record!.IsInterrupted);
        var interruptions = failures.Reverse().TakeWhile(failure => failure.Record!.IsInterrupted).Count();
        return Math.Max(
            attempts > 0 ? After(real ?? failures[^1], attempts, FirstDelay, LongestDelay) : 0,
            interruptions > 0 ? After(failures[^1], interruptions, FirstAfterInterruption, LongestAfterInterruption) : 0);
    }

    private static double After(UploadView failed, int count, TimeSpan first, TimeSpan longest) =>
        failed.Record!.StateTime + Backoff.Delay(count, first, longest, Backoff.ChanceOf(failed.Path)).TotalSeconds;
}
