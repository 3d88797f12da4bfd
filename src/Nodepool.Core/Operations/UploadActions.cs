using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>What an operator asks of uploads.</summary>
/// <param name="engine">The store.</param>
/// <param name="sources">Time.</param>
public sealed class UploadActions(IStateEngine engine, Sources sources)
{
    private const int Attempts = 5;

    /// <summary>
    /// Asks for the newest ready build to be uploaded to a provider now: no waiting after failures, and also when it was withdrawn there.
    /// </summary>
    /// <param name="image">The image as it was seen.</param>
    /// <param name="provider">Where to.</param>
    /// <param name="formats">What the provider takes.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The build, and its upload when it is there already: then nothing was asked for.</returns>
    /// <exception cref="OperationRefusedException">There is no ready build, or its files are gone.</exception>
    public async ValueTask<(BuildView Build, UploadView? There)> RequestAsync(ImageView image, string provider, IReadOnlyCollection<string> formats, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(formats);
        if (image.ReadyBuilds.FirstOrDefault() is not { } build)
        {
            throw new OperationRefusedException(Refusal.NotFound, $"image {image.Name} has no ready build: nodepool image-build {image.Name} asks for one");
        }

        if (image.UsableUploads(provider).FirstOrDefault(upload => upload.Build == build.Id) is { } there)
        {
            return (build, there);
        }

        if (formats.FirstOrDefault(build.Record!.Removed.Contains) is { } gone)
        {
            throw new OperationRefusedException(
                Refusal.WrongState, $"the {gone} file of build {image.Name}-{build.Id} is gone (delete-after-upload): nodepool image-build {image.Name} asks for a new build");
        }

        for (var attempt = 1; ; attempt++)
        {
            var write = await new BuildEdit(engine, image.Name, build.Id).RequestUploadAsync(provider, sources.UnixNow, ct)
                ?? throw new OperationRefusedException(Refusal.NotFound, $"build {image.Name}-{build.Id} has just gone; nodepool dib-image-list shows what exists");
            try
            {
                await engine.CommitAsync([write], ct);
                return (build, null);
            }
            catch (StateException e) when (e.IsConflict && attempt < Attempts)
            {
                // Somebody was quicker: look again.
            }
        }
    }
}
