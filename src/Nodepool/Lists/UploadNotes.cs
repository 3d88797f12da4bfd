using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Lists;

/// <summary>What is out of the ordinary with the uploads of an image, a sentence per provider.</summary>
internal static class UploadNotes
{
    /// <summary>The sentences, by provider; none when all is well.</summary>
    public static IReadOnlyList<string> Of(ImageView image, double now) =>
        [.. image.Uploads.Values.Select(upload => upload.Provider).Concat(image.ReadyBuilds.SelectMany(build => build.Record!.Withdrawn.Keys)).Concat(image.Canaries.Keys.Select(scope => scope.Provider))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).SelectMany(provider => At(image, provider, now), (provider, note) => $"{provider}: {note}")];

    /// <summary>The trials that are going on, or the last ones as long as their uploads are used.</summary>
    private static IEnumerable<string> Canaries(ImageView image, string provider, double now)
    {
        foreach (var canary in image.Canaries.Values.Where(canary => canary.Scope.Provider == provider).OrderBy(canary => canary.Scope.Label, StringComparer.Ordinal))
        {
            var what = canary.Scope.Label is { } label ? $"canary of label {label}" : "canary";
            switch (canary.Record)
            {
                case { IsOpen: true } open:
                    yield return $"{what}: build {BuildOf(open.Candidate!)} is on trial for {Math.Max(0, now - open.Since):0} s: {open.New}; build {BuildOf(open.Trusted)} meanwhile: {open.Old}";
                    break;
                case { Verdict: CanaryVerdict.Promoted } told when told.Candidate == image.NewestReadyUpload(provider)?.Path:
                    yield return $"{what}: build {BuildOf(told.Candidate!)} was promoted: {told.Reason}";
                    break;
            }
        }
    }

    private static string BuildOf(string upload) => ImageDataPath.Parse(upload)?.Build ?? upload;

    private static IEnumerable<string> At(ImageView image, string provider, double now)
    {
        foreach (var build in image.ReadyBuilds)
        {
            if (!build.Record!.Withdrawn.TryGetValue(provider, out var withdrawal))
            {
                break;
            }

            yield return $"build {build.Id} is withdrawn: {withdrawal.Reason}";
        }

        foreach (var canary in Canaries(image, provider, now))
        {
            yield return canary;
        }

        if (UploadPlanner.Newest(image, provider) is not { } wanted)
        {
            yield break;
        }

        if (image.Uploads.Values.FirstOrDefault(upload => upload.Provider == provider && upload.Record?.State == ImageState.Uploading) is { } sending)
        {
            yield return $"build {sending.Build} is being uploaded{(sending.Record!.Progress is { } share ? $", {share:P0}" : "")}";
        }
        else if (wanted.Record!.Removed.Count > 0 && image.UsableUploads(provider).All(upload => upload.Build != wanted.Id))
        {
            yield return $"build {wanted.Id} is not here, and its files ({string.Join(", ", wanted.Record.Removed)}) are gone (delete-after-upload); the next build is";
        }
        else if (image.UsableUploads(provider).All(upload => upload.Build != wanted.Id) && UploadHistory.Of(image, wanted, provider, null) is { Failed: { } failed } history)
        {
            var wait = history.NotBefore > now ? $"the next try is in {Math.Ceiling(history.NotBefore - now):0} s" : "it is tried again now";
            yield return $"upload {failed.Id} of build {failed.Build} failed (try {Math.Max(1, failed.Record!.Attempt)}): {failed.Record.Failure ?? "no reason was stored"}; {wait}";
        }
    }
}
