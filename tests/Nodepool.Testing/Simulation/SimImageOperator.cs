using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Testing.Simulation;

/// <summary>What a human does with images: reverts to the previous upload, throws a build away, asks for an upload after all.</summary>
internal sealed class SimImageOperator(SimWorld world, IStateEngine engine, ClusterFeed feed, Sources sources, Random random)
{
    public async ValueTask ActAsync()
    {
        var image = feed.Current.Image(SimConfig.Image);
        var clouds = world.Config.Providers.Where(section => section.DiskImages.Count > 0).ToList();
        var provider = clouds[random.Next(clouds.Count)].Name;
        switch (random.Next(4))
        {
            case 0 when image.ReadyBuilds.ToArray() is { Length: > 0 } builds:
                await new ImageActions(engine, sources).DeleteBuildAsync(image.Name, builds[random.Next(builds.Length)].Id, CancellationToken.None);
                break;
            case 1:
                await new UploadActions(engine, sources).RequestAsync(image, provider, ["qcow2"], CancellationToken.None);
                break;
            default:
                if (image.Uploads.Values.Where(upload => upload.Record is { State: ImageState.Ready or ImageState.Failed }).OrderBy(upload => upload.Path, StringComparer.Ordinal).ToArray() is { Length: > 0 } uploads)
                {
                    var upload = uploads[random.Next(uploads.Length)];
                    await new ImageActions(engine, sources).DeleteUploadAsync(image.Name, upload.Build, upload.Provider, upload.Id, CancellationToken.None);
                    world.Tally.Reverts++;
                }

                break;
        }
    }
}
