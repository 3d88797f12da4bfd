using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.State;

namespace Nodepool.Testing.Simulation;

/// <summary>What must hold whenever an image build or upload changes.</summary>
internal sealed class ImageRules(SimWorld world)
{
    /// <summary>Builds by path.</summary>
    public Dictionary<string, ImageBuildRecord> Builds { get; } = new(StringComparer.Ordinal);

    /// <summary>Uploads by path.</summary>
    public Dictionary<string, ImageUploadRecord> Uploads { get; } = new(StringComparer.Ordinal);

    public void Changed(string path, Entry? entry, List<Action> checks)
    {
        switch (path.Split('/'))
        {
            case ["", "nodepool", "images", _, "canaries", var provider]:
                Canary(path, provider, entry, checks);
                break;
            case ["", "nodepool", "images", _, "label-canaries", var provider, _]:
                Canary(path, provider, entry, checks);
                break;
            case ["", "nodepool", "images", var image, "builds", var build] when build != "lock":
                Build(path, image, build, entry, checks);
                break;
            case ["", "nodepool", "images", var image, "builds", var build, "providers", var provider, "images", var upload] when upload != "lock":
                Upload(path, $"{NodepoolPaths.Images}/{image}/builds/{build}", provider, entry, checks);
                break;
        }
    }

    private readonly Dictionary<string, CanaryRecord> _canaries = new(StringComparer.Ordinal);

    /// <summary>The newest ready upload of a provider: what nodes boot from.</summary>
    public ImageUploadRecord? Newest(string provider) => Uploads
        .Where(pair => pair.Key.Contains($"/providers/{provider}/", StringComparison.Ordinal) && pair.Value.State == ImageState.Ready)
        .OrderByDescending(pair => pair.Value.StateTime).Select(pair => pair.Value).FirstOrDefault();

    private void Build(string path, string image, string build, Entry? entry, List<Action> checks)
    {
        var old = Builds.GetValueOrDefault(path);
        var now = Read(path, entry, ImageBuildRecord.Read);
        if (now is null)
        {
            Builds.Remove(path);
        }
        else
        {
            Builds[path] = now;
        }

        checks.Add(() =>
        {
            var holder = world.Model.Holder(NodepoolPaths.BuildsLock(image));
            if (old is null && now is not null)
            {
                world.Require(now.State == ImageState.Building, $"build {build} begins as {now.State}");
                world.Require(holder == world.Model.ActorSession, $"two builders of {image}: {By} begins a build while {world.Model.OwnerOf(holder)?.Name ?? "nobody"} holds the lock");
            }
            else if (old is not null && now is null)
            {
                world.Require(
                    old.State == ImageState.Deleting || (old.State == ImageState.Building && holder == world.Model.ActorSession),
                    $"build {build} vanished while {old.State}, by {By}");
                world.Require(!Uploads.Keys.Any(upload => upload.StartsWith(path + "/", StringComparison.Ordinal)), $"build {build} was removed before its uploads");
            }
            else if (old is { State: ImageState.Ready } && now is { State: ImageState.Ready })
            {
                HasFiles(image, build, now, now.Formats.Except(old.Formats));
            }
            else if (old is not null && now is not null && old.State != now.State)
            {
                HasFiles(image, build, now, now.State == ImageState.Ready ? now.Formats : []);
                world.Require(Allows(ImageTransitions.Builds, old.State, now.State), $"build {build} went from {old.State} to {now.State} by {By}");
                world.Require(
                    now.State != ImageState.Deleting || old.State == ImageState.Failed || IsByOperator || !IsUsable(old)
                        || Builds.Values.Count(other => other.State == ImageState.Ready && other.StateTime > old.StateTime && IsUsable(other)) >= Retention,
                    $"ready build {build} is deleted by {By} although fewer than {Retention} newer ones are ready and not withdrawn");
            }
        });
    }

    /// <summary>Whoever reads that there is a format may want to upload it at once.</summary>
    private void HasFiles(string image, string build, ImageBuildRecord record, IEnumerable<string> formats)
    {
        var files = world.Disks[record.BuilderId!].Find(image, build);
        world.Require(formats.All(files.ContainsKey), $"build {build} has {string.Join(',', formats)} by its record, by {By}, but only {string.Join(',', files.Keys)} on disk");
    }

    private void Upload(string path, string build, string provider, Entry? entry, List<Action> checks)
    {
        var old = Uploads.GetValueOrDefault(path);
        var now = Read(path, entry, ImageUploadRecord.Read);
        if (now is null)
        {
            Uploads.Remove(path);
        }
        else
        {
            Uploads[path] = now;
        }

        checks.Add(() =>
        {
            if (old is null && now is not null)
            {
                world.Require(now.State == ImageState.Uploading, $"upload {path} begins as {now.State}");
                world.Require(Builds.GetValueOrDefault(build)?.Withdrawn.ContainsKey(provider) != true, $"upload {path} begins by {By} although its build was withdrawn there");
            }
            else if (old is not null && now is null)
            {
                world.Require(old.State == ImageState.Deleting, $"upload {path} vanished while {old.State}, by {By}");
                world.Require(!Images(provider).Contains(old.ExternalId), $"upload {path} was removed while the cloud still has image {old.ExternalId}");
            }
            else if (old is not null && now is not null && old.State != now.State)
            {
                world.Require(Allows(ImageTransitions.Uploads, old.State, now.State), $"upload {path} went from {old.State} to {now.State} by {By}");
                world.Require(now.State != ImageState.Ready || Images(provider).Contains(now.ExternalId), $"upload {path} is ready but the cloud has no image {now.ExternalId}");
                world.Require(
                    old.State != ImageState.Ready || now.State != ImageState.Deleting || IsByOperator || IsLeaving(provider) || Builds.GetValueOrDefault(build)?.State == ImageState.Deleting || Usable(provider) >= (IsByCanary(build, provider) ? 1 : Retention),
                    $"ready upload {path} is deleted by {By}, which leaves {Usable(provider)} usable ones at {provider}; {Retention} are promised");
            }
        });
    }

    private void Canary(string path, string provider, Entry? entry, List<Action> checks)
    {
        var old = _canaries.GetValueOrDefault(path);
        if (Read(path, entry, CanaryRecord.Read) is not { } now)
        {
            _canaries.Remove(path);
            return;
        }

        _canaries[path] = now;
        if (now.Verdict is null || old?.Verdict is not null)
        {
            return;
        }

        var isWithdrawn = now.Verdict == CanaryVerdict.Withdrawn;
        world.Tally.WithdrawnImages += isWithdrawn ? 1 : 0;
        world.Tally.Promoted += isWithdrawn ? 0 : 1;
        checks.Add(() => world.Require(
            !isWithdrawn || (Uploads[now.Candidate!].State == ImageState.Deleting && Uploads[now.Trusted].State == ImageState.Ready),
            $"the canary at {provider} ends with its candidate {Uploads[now.Candidate!].State} and the one to go back to {Uploads[now.Trusted].State}"));
    }

    /// <summary>The same in all versions of the file.</summary>
    private int Retention => world.Config.DiskImages[0].Retention;

    private bool IsByOperator => world.Model.Actor?.Actors == Actors.Operator;

    /// <summary>Nothing is promised at a provider that has been taken out of the file, as far as who acts has noticed.</summary>
    private bool IsLeaving(string provider) => world.Model.Actor?.Configs.TakeLast(2).Any(config => config.FindProvider(provider) is null) == true;

    private bool IsByCanary(string build, string provider) =>
        world.Model.Actor?.Actors.HasFlag(Actors.Launcher) == true && Builds.GetValueOrDefault(build)?.Withdrawn.ContainsKey(provider) == true;

    private bool IsUsable(ImageBuildRecord build) => world.Config.Providers.Any(provider => provider.DiskImages.Count > 0 && !build.Withdrawn.ContainsKey(provider.Name));

    private int Usable(string provider) => Uploads.Count(pair => pair.Value.State == ImageState.Ready
        && pair.Key.Split('/') is [.., "builds", _, "providers", var at, "images", _] && at == provider
        && Builds.GetValueOrDefault(pair.Key[..pair.Key.IndexOf("/providers/", StringComparison.Ordinal)])?.State != ImageState.Deleting);

    private string By => world.Model.Actor?.Name ?? "nobody";

    private IEnumerable<string?> Images(string provider) => world.Clouds[provider].Truth.Images.Select(image => image.Id);

    private bool Allows(TransitionTable<ImageState> table, ImageState from, ImageState to) =>
        world.Model.Actor is { } actor && table.Allows(from, to, actor.Actors);

    private T? Read<T>(string path, Entry? entry, Func<ReadOnlySpan<byte>, T> read)
        where T : class
    {
        try
        {
            return entry is null || entry.Data.IsEmpty ? null : read(entry.Data.Span);
        }
        catch (RecordFormatException e)
        {
            world.Fail($"{path} was stored in a form that nobody understands: {e.Message}");
            return null;
        }
    }
}
