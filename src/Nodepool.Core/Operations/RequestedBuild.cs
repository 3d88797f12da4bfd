using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>What has become of a request for a build.</summary>
/// <param name="State"><see cref="ImageState.Building"/> while the answer is open, <see cref="ImageState.Ready"/> or <see cref="ImageState.Failed"/>.</param>
/// <param name="Text">For people: how a sentence about the image goes on.</param>
/// <param name="Build">The build that answers it, or null as long as there is none.</param>
public sealed record RequestedBuild(ImageState State, string Text, BuildView? Build)
{
    /// <summary>Looks at the records. Pure.</summary>
    /// <param name="view">All records.</param>
    /// <param name="image">Name of the image.</param>
    /// <param name="requestMs">When the request was made, see <see cref="BuildRequest.MadeMs"/>.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static RequestedBuild Of(ClusterView view, string image, long? requestMs, double unixNow)
    {
        ArgumentNullException.ThrowIfNull(view);
        var stored = view.Image(image);
        var mine = stored.Builds.Values.Where(build => build.Record?.Run?.RequestMs == requestMs && requestMs is not null)
            .OrderByDescending(build => build.Record!.Run!.Started).ThenBy(build => build.Id, StringComparer.Ordinal).FirstOrDefault();
        return mine?.Record switch
        {
            { State: ImageState.Building } when stored.IsLost(mine) => new RequestedBuild(ImageState.Building, Lost(view), null),
            { State: ImageState.Building, Run: var run } record => new RequestedBuild(
                ImageState.Building, $"is being built by {record.Builder ?? "a builder"}{Estimate(stored, run)}", mine),
            { State: ImageState.Failed, Run.IsInterrupted: false } record => new RequestedBuild(ImageState.Failed, Failure(record, stored, unixNow), mine),
            { State: ImageState.Failed } => new RequestedBuild(ImageState.Building, Lost(view), null),
            { } record => new RequestedBuild(ImageState.Ready, $"is ready after {record.Run!.Seconds ?? 0:0} s", mine),
            null => WithoutBuild(view, stored, requestMs, unixNow),
        };

        string Estimate(ImageView all, BuildRunRecord? run) => BuildEstimate.Of(all, run).Text(unixNow) is { Length: > 0 } text ? $": {text}" : "";
    }

    /// <summary>Nobody has begun, or the builder was a peer that does not store which request it answers.</summary>
    private static RequestedBuild WithoutBuild(ClusterView view, ImageView stored, long? requestMs, double unixNow)
    {
        if (requestMs is null || stored.BuildRequestedMs != requestMs)
        {
            return stored.ReadyBuilds.FirstOrDefault() is { } ready && ready.Record!.StateTime >= (requestMs ?? 0) / 1000.0
                ? new RequestedBuild(ImageState.Ready, "is ready", ready)
                : new RequestedBuild(ImageState.Failed, "was not built: somebody has taken the request back", null);
        }

        return new RequestedBuild(ImageState.Building, Wait(view, stored, unixNow), null);
    }

    private static string Wait(ClusterView view, ImageView stored, double unixNow)
    {
        if (stored.IsPaused)
        {
            return $"is paused: nodepool image-unpause {stored.Name} allows builds again";
        }

        if (stored.Builds.Values.FirstOrDefault(build => build.Record?.State == ImageState.Building && !stored.IsLost(build)) is { } other)
        {
            var text = BuildEstimate.Of(stored, other.Record!.Run).Text(unixNow);
            return $"waits until the build that is under way is done{(text.Length > 0 ? $": {text}" : "")}";
        }

        return IsAnyBuilderRunning(view) ? "waits for a free builder" : "waits for a builder: none is running";
    }

    private static string Lost(ClusterView view) =>
        "waits for another attempt: the builder of the last one ended in the middle of it" + (IsAnyBuilderRunning(view) ? "" : ", and none is running");

    private static bool IsAnyBuilderRunning(ClusterView view) => view.Components.Values.Any(component => component.Kind == "builder");

    private static string Failure(ImageBuildRecord record, ImageView stored, double unixNow)
    {
        var part = record.Run!.FailedIn is { } failed ? $" in {failed}" : "";
        var wait = BuildBackoff.Of(stored, null).Until - unixNow;
        return $"could not be built{part}: {record.Failure}; a builder tries again{(wait > 0 ? $" in {Math.Ceiling(wait):0} s" : "")}";
    }
}
