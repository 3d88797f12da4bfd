using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// How long an image waits after builds that failed. Follows from the records alone, chance included, so that every builder and every list says the
/// same, before and after a restart. A success ends it, so does a change of the image's section, and a request by command.
/// </summary>
/// <param name="Failures">Builds that failed in a row.</param>
/// <param name="Until">No build before, Unix seconds; negative infinity when nothing is waited for.</param>
public sealed record BuildBackoff(int Failures, double Until)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    // Nothing is wrong with the image; but a build that brings down its builder each time must not do so in a tight loop.
    private static readonly TimeSpan FirstAfterInterruption = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestAfterInterruption = TimeSpan.FromMinutes(5);

    /// <summary>Looks at the failures of an image.</summary>
    /// <param name="stored">The image.</param>
    /// <param name="recipe">What it would be built from now; null when that is not known: then failures of any recipe count.</param>
    public static BuildBackoff Of(ImageView stored, string? recipe)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var since = stored.ReadyBuilds.FirstOrDefault()?.Record!.StateTime ?? double.NegativeInfinity;
        var counting = stored.Builds.Values
            .Where(build => build.Record?.State == ImageState.Failed && build.Record.StateTime > since && Counts(build.Record.Run, stored.BuildRequestedMs, recipe))
            .OrderBy(build => build.Record!.StateTime).ThenBy(build => build.Id, StringComparer.Ordinal).ToArray();
        var failed = counting.Where(build => build.Record!.Run is not { IsInterrupted: true }).ToArray();
        var interrupted = counting.Where(build => build.Record!.Run is { IsInterrupted: true } && build.Record.StateTime > (failed.LastOrDefault()?.Record!.StateTime ?? since)).ToArray();

        // Only the newest failures are kept; each knows how many there were before it.
        var failures = counting.Select(Carried).Append(failed.Length).Max();
        var until = Math.Max(
            failures > 0 ? After(failed.LastOrDefault() ?? interrupted[^1], failures, FirstDelay, LongestDelay) : double.NegativeInfinity,
            interrupted.Length > 0 ? After(interrupted[^1], interrupted.Length, FirstAfterInterruption, LongestAfterInterruption) : double.NegativeInfinity);
        return new BuildBackoff(failures, until);
    }

    /// <summary>Which request a build answered is stored with it: clocks of stores and builders need not agree.</summary>
    private static bool Counts(BuildRunRecord? run, long? requestMs, string? recipe) =>
        (requestMs is null || run?.RequestMs == requestMs) && (recipe is null || run?.Recipe is null || run.Recipe == recipe);

    private static int Carried(BuildView build) => build.Record!.Run is not { } run ? 0 : run.IsInterrupted ? run.Attempt - 1 : run.Attempt;

    private static double After(BuildView build, int count, TimeSpan first, TimeSpan longest) =>
        build.Record!.StateTime + Backoff.Delay(count, first, longest, Backoff.ChanceOf(build.Id)).TotalSeconds;
}
