using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Decides which images are to be built now, and in which order: what somebody waits for comes first, then what has been due for the longest time, so
/// that with more work than workers no image waits for ever. Pure.
/// </summary>
public static class BuildPlanner
{
    /// <summary>Decides.</summary>
    /// <param name="view">All records.</param>
    /// <param name="config">The images.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static BuildPlan Plan(ClusterView view, NodepoolConfig config, double unixNow)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(config);
        var wishes = config.DiskImages
            .Select(image => (Stored: view.Image(image.Name), Image: image, Formats: ImageFormats.Wanted(config, image)))
            .Where(each => MayBegin(each.Stored, each.Image, each.Formats))
            .Select(each => WishOf(each.Stored, each.Image, each.Formats, config.ElementsDir, unixNow))
            .OrderBy(wish => wish.Rank).ThenBy(wish => wish.Since).ToArray();
        var later = wishes.Where(wish => wish.Due > unixNow).Select(wish => wish.Due).ToArray();
        return new BuildPlan(
            wishes.Where(wish => wish.Due <= unixNow).Select(wish => wish.Order).ToValueList(),
            later.Length == 0 ? null : later.Min());
    }

    /// <summary>A build in progress whose lock is free has lost its builder: first it has to be seen what became of it.</summary>
    private static bool MayBegin(ImageView stored, DiskImageConfig image, ValueList<string> formats) =>
        !image.IsAbstract && !image.Pause && !stored.IsPaused && formats.Count > 0
        && !stored.IsLocked(NodepoolPaths.BuildsLock(image.Name))
        && stored.Builds.Values.All(build => build.Record?.State != ImageState.Building);

    private static Wish WishOf(ImageView stored, DiskImageConfig image, ValueList<string> formats, string? elementsDir, double unixNow)
    {
        var recipe = BuildRecipe.Of(image, formats, elementsDir);
        var backoff = BuildBackoff.Of(stored, recipe);
        var order = new BuildOrder(image, formats, "requested", recipe) { Attempt = backoff.Failures + 1, RequestMs = stored.BuildRequestedMs };
        if (stored.BuildRequestedMs is { } requested)
        {
            // Due whatever the store's clock says: its time only orders requests among themselves.
            return new Wish(order, Urgency.Requested, requested, backoff.Until);
        }

        if (stored.ReadyBuilds.FirstOrDefault() is not { Record: { } newest } build)
        {
            return new Wish(order with { Reason = "there is no ready build" }, Urgency.NoneReady, 0, backoff.Until);
        }

        var old = newest.StateTime + image.RebuildAge.TotalSeconds;
        return old > unixNow && !formats.All(newest.Formats.Contains)
            ? new Wish(
                order with { Reason = $"the newest build lacks formats (has {string.Join(",", newest.Formats)})", Incomplete = build },
                Urgency.FormatMissing,
                newest.StateTime,
                backoff.Until)
            : new Wish(order with { Reason = "the newest build is too old" }, Urgency.TooOld, old, Math.Max(old, backoff.Until));
    }

    private enum Urgency
    {
        Requested,
        NoneReady,
        FormatMissing,
        TooOld,
    }

    /// <summary>A build that is wanted now or later.</summary>
    private sealed record Wish(BuildOrder Order, Urgency Rank, double Since, double Due);
}
