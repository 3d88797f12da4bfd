using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Testing.Simulation;

/// <summary>What must hold of builds beside their transitions: one at a time, none before its wait is over, each request answered exactly once.</summary>
internal sealed class BuildRules(SimWorld world)
{
    private readonly Dictionary<string, ImageView> _images = new(StringComparer.Ordinal);
    private readonly HashSet<(string Image, long RequestMs)> _answered = [];

    public void Changed(string path, Entry? entry, List<Action> checks)
    {
        switch (path.Split('/'))
        {
            case ["", "nodepool", "images", var image, "request-build"]:
                Request(image, entry?.CreatedMs, checks);
                break;
            case ["", "nodepool", "images", var image, "builds", var build] when build != "lock":
                Build(image, build, entry, checks);
                break;
        }
    }

    /// <summary>A request that is still open, in words; null when there is none.</summary>
    public string? Open() => _images.Values.Where(image => image.BuildRequestedMs is not null).Select(image => $"the request for a build of {image.Name} is still open").FirstOrDefault();

    private void Request(string image, long? now, List<Action> checks)
    {
        var old = Image(image).BuildRequestedMs;
        _images[image] = Image(image) with { BuildRequestedMs = now };
        if (old is not { } gone || gone == now)
        {
            return;
        }

        checks.Add(() => world.Require(
            _answered.Contains((image, gone)) || world.Model.Actor?.Actors.HasFlag(Actors.Operator) == true,
            $"the request for a build of {image} was removed by {world.Model.Actor?.Name} without an answer"));
    }

    private void Build(string image, string build, Entry? entry, List<Action> checks)
    {
        var before = Image(image);
        var old = before.Builds.GetValueOrDefault(build)?.Record;
        var now = entry is null || entry.Data.IsEmpty ? null : ImageBuildRecord.Read(entry.Data.Span);
        _images[image] = before with { Builds = now is null ? before.Builds.Remove(build) : before.Builds.SetItem(build, new BuildView(image, build, entry!.Version, now)) };
        if (old is null && now is not null)
        {
            Begins(before, build, now);
        }
        else if (old?.State != now?.State && now?.State == ImageState.Failed)
        {
            world.Tally.FailedBuilds++;
        }
        else if (old?.State != now?.State && now?.State == ImageState.Ready)
        {
            world.Tally.Builds++;
            if (now.Run?.RequestMs is { } request)
            {
                world.Require(_answered.Add((image, request)), $"build {build} answers a request for {image} that was answered before");
                checks.Add(() => world.Require(Image(image).BuildRequestedMs != request, $"build {build} is ready, but the request for it stays"));
            }
        }
    }

    private void Begins(ImageView before, string build, ImageBuildRecord record)
    {
        var other = before.Builds.Values.FirstOrDefault(one => one.Record?.State == ImageState.Building);
        world.Require(other is null, $"build {build} begins while {other?.Id} of the same image is in progress");
        var wait = BuildBackoff.Of(before, record.Run?.Recipe);
        world.Require(record.StateTime >= wait.Until, $"build {build} begins {wait.Until - record.StateTime:0.0} s before the wait after {wait.Failures} failures is over");
    }

    private ImageView Image(string name) => _images.GetValueOrDefault(name) ?? new ImageView(name);
}
