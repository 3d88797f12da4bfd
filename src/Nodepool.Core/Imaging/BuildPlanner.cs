using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Decides which images are to be built now. Pure. After failures the next try waits longer and
/// longer; how long follows from the failed builds' records, so that a restart changes nothing. A request by command does not wait.
/// </summary>
public static class BuildPlanner
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>Decides.</summary>
    /// <param name="view">All records.</param>
    /// <param name="config">The images.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static BuildPlan Plan(ClusterView view, NodepoolConfig config, double unixNow)
    {
        var orders = new List<BuildOrder>();
        var next = double.PositiveInfinity;
        foreach (var image in config.DiskImages)
        {
            var formats = ImageFormats.Wanted(config, image);
            var stored = view.Image(image.Name);
            if (image.IsAbstract || image.Pause || stored.IsPaused || formats.Count == 0 || stored.IsLocked(NodepoolPaths.BuildsLock(image.Name)))
            {
                continue;
            }

            var due = Due(stored, image, formats, out var reason);
            if (due <= unixNow)
            {
                orders.Add(new BuildOrder(image, formats, reason));
            }
            else
            {
                next = Math.Min(next, due);
            }
        }

        return new BuildPlan(orders.ToValueList(), double.IsInfinity(next) ? null : next);
    }

    private static double Due(ImageView stored, DiskImageConfig image, ValueList<string> formats, out string reason)
    {
        var newest = stored.ReadyBuilds.FirstOrDefault();
        var since = newest?.Record!.StateTime ?? double.NegativeInfinity;
        var failures = stored.Builds.Values
            .Where(build => build.Record?.State == ImageState.Failed && build.Record.StateTime > since)
            .Select(build => build.Record!.StateTime).Order().ToArray();
        if (stored.BuildRequestedMs is { } requested && (failures.Length == 0 || requested / 1000.0 > failures[^1]))
        {
            reason = "requested";
            return 0;
        }

        double due;
        if (newest is null)
        {
            (due, reason) = (0, "there is no ready build");
        }
        else if (!formats.All(newest.Record!.Formats.Contains))
        {
            (due, reason) = (0, $"the newest build lacks formats (has {string.Join(",", newest.Record.Formats)})");
        }
        else
        {
            (due, reason) = (newest.Record.StateTime + image.RebuildAge.TotalSeconds, "the newest build is too old");
        }

        // The middle of the jitter's range: the records are the only memory, so chance has no part in it.
        return failures.Length == 0 ? due : Math.Max(due, failures[^1] + Backoff.Delay(failures.Length, FirstDelay, LongestDelay, 0.5).TotalSeconds);
    }
}
